using System.Net.Sockets;

namespace BlueGreen.Router.Drivers.HaProxy;

/// <summary>
/// HAProxy by its runtime API, without a reload. The configuration has two backends with server slots, of which a map says which one is live
/// (docs/drivers.md). Green is put into the slots of the one that is not, then the endpoint's entry of the map is replaced: every request goes
/// by the former value or by the new one. Other entries are other endpoints' and are not touched, which a map transaction, being about
/// all of a map, would have to. The map's file, and the servers' state file, are written too: both survive a reload.
/// </summary>
internal sealed class HaProxyDriver : ITrafficDriver
{
    private const string MarkSuffix = "#mark";

    /// <summary>More changes of one map than these, each while its file was being written, there are not.</summary>
    private const int MostSaves = 20;

    public string Kind => "haproxy";

    public IReadOnlyList<string> Check(DriverSettings settings)
    {
        var problems = settings.Missing([], ["socket", "map"]).ToList();
        if (Backends(settings, "").Length != 2) problems.Add("The policy's route.driver.settings.backends must be two names with a comma between them.");
        if (new[] { settings.FromOwner("key", "k"), settings.FromOwner("backends", "b,c") }.Any(text => text.Any(char.IsWhiteSpace) || text.Contains(';')))
            problems.Add("The policy's route.driver.settings must be without spaces and semicolons.");
        return problems;
    }

    public string Describe(DriverRoute route) => Describe(Key(route), DriverAddresses.Of(route.Live));

    public async Task<DriverReading> ReadAsync(DriverRoute route, CancellationToken cancellationToken)
    {
        try
        {
            var runtime = Runtime(route);
            var map = await runtime.MapAsync(Map(route), cancellationToken);
            var key = Key(route);
            var mark = DriverMark.Read(map.GetValueOrDefault(key + MarkSuffix));
            if (!map.TryGetValue(key, out var backend)) return DriverReading.Of("", mark);
            // Somebody who points the map elsewhere has changed it, wherever that leads.
            if (!Backends(route.Settings, route.Endpoint).Contains(backend)) return DriverReading.Of($"{key} → backend {backend}", mark);
            var servers = await runtime.ServersAsync(backend, cancellationToken);
            return DriverReading.Of(Describe(key, [.. servers.Where(server => server.TakesRequests).Select(server => server.EndPoint)]), mark);
        }
        catch (Exception exception) when (IsExpected(exception))
        {
            return DriverReading.Failed(exception.Message);
        }
    }

    public async Task<DriverResult> ApplyAsync(DriverRoute route, DriverReading seen, CancellationToken cancellationToken)
    {
        try
        {
            var runtime = Runtime(route);
            var backends = Backends(route.Settings, route.Endpoint);
            var map = await runtime.MapAsync(Map(route), cancellationToken);
            var current = map.GetValueOrDefault(Key(route));
            var wanted = DriverAddresses.Of(route.Live);
            var backend = current is not null && backends.Contains(current) && await HoldsAsync(runtime, current, wanted, cancellationToken)
                ? current
                : backends[current == backends[0] ? 1 : 0];
            await FillAsync(runtime, backend, wanted, cancellationToken);
            var entry = new MapEntry(Key(route), backend, DriverMark.Of(route, Describe(route)).ToString());
            foreach (var file in Files(route)) DriverText.RequireReplaceable(file);
            await CommitAsync(runtime, Map(route), MapEntry.Of(map, Key(route)), entry, cancellationToken);
            await SaveAsync(runtime, route, entry, cancellationToken);
            return DriverResult.Done;
        }
        catch (Exception exception) when (IsExpected(exception))
        {
            return DriverResult.Failed(exception.Message);
        }
    }

    public async Task<DriverDrain> DrainAsync(DriverRoute route, CancellationToken cancellationToken)
    {
        var runtime = Runtime(route);
        var live = (await runtime.MapAsync(Map(route), cancellationToken)).GetValueOrDefault(Key(route));
        var other = Backends(route.Settings, route.Endpoint).First(backend => backend != live);
        return new DriverDrain(await runtime.SessionsAsync(other, cancellationToken));
    }

    private static async Task<bool> HoldsAsync(
        HaProxyRuntime runtime, string backend, IReadOnlyList<string> wanted, CancellationToken cancellationToken)
    {
        var servers = await runtime.ServersAsync(backend, cancellationToken);
        return servers.Where(server => server.TakesRequests).Select(server => server.EndPoint).Order(StringComparer.Ordinal).SequenceEqual(wanted);
    }

    /// <summary>Puts a fleet into a backend's slots; what is left of them takes no requests.</summary>
    private static async Task FillAsync(
        HaProxyRuntime runtime, string backend, IReadOnlyList<string> wanted, CancellationToken cancellationToken)
    {
        var slots = await runtime.ServersAsync(backend, cancellationToken);
        if (slots.Count < wanted.Count)
            throw new HaProxyRefusal($"The backend '{backend}' has {slots.Count} servers, the environment {wanted.Count}: add slots to the configuration.");
        if (slots.Where(slot => slot.TakesRequests).Select(slot => slot.EndPoint).Order(StringComparer.Ordinal).SequenceEqual(wanted)) return;
        for (var index = 0; index < slots.Count; index++)
        {
            var server = $"{backend}/{slots[index].Name}";
            if (index >= wanted.Count)
            {
                await runtime.TellAsync($"set server {server} state maint", cancellationToken);
                continue;
            }

            var (host, port) = DriverAddresses.Parts(wanted[index]);
            // It says what it changed, or that there was nothing to change: what counts is read back.
            await runtime.AskAsync($"set server {server} addr {host} port {port}", cancellationToken);
            if (slots[index].Weight == 0) await runtime.TellAsync($"set server {server} weight 1", cancellationToken);
            await runtime.TellAsync($"set server {server} state ready", cancellationToken);
        }

        if (!await HoldsAsync(runtime, backend, wanted, cancellationToken))
            throw new HaProxyRefusal($"The servers of backend '{backend}' could not be set to {string.Join(' ', wanted)}.");
    }

    /// <summary>
    /// Entry and mark by one line of commands, which is carried out to its end whatever becomes of who sent it. Somebody who reads between the
    /// two reads again before calling it a change.
    /// </summary>
    private static async Task CommitAsync(
        HaProxyRuntime runtime, string map, MapEntry seen, MapEntry wanted, CancellationToken cancellationToken)
    {
        var entries = await runtime.MapAsync(map, cancellationToken);
        if (MapEntry.Of(entries, wanted.Key) != seen) throw new HaProxyRefusal($"The entry {wanted.Key} of the map {map} was changed while it was being changed.");
        string Put(string key, string? value) => $"{(entries.ContainsKey(key) ? "set" : "add")} map {map} {key} {value}";
        await runtime.TellAsync($"{Put(wanted.Key + MarkSuffix, wanted.Mark)}; {Put(wanted.Key, wanted.Backend)}", cancellationToken);
    }

    /// <summary>
    /// After the change, and again when the map was changed meanwhile, for another endpoint: whoever writes last has then seen all of it. A reload
    /// that came first has taken the former file; then the next look applies the route again.
    /// </summary>
    private static async Task SaveAsync(HaProxyRuntime runtime, DriverRoute route, MapEntry entry, CancellationToken cancellationToken)
    {
        var map = Map(route);
        var seen = await runtime.MapAsync(map, cancellationToken);
        for (var saves = 0; saves < MostSaves; saves++)
        {
            if (MapEntry.Of(seen, entry.Key) != entry) throw new HaProxyRefusal($"The entry {entry.Key} of the map {map} was changed right after it was changed.");
            var state = route.Settings.FromOperator("stateFile");
            var servers = state is null ? "" : await runtime.AskAsync("show servers state", cancellationToken) + "\n";
            var lines = string.Concat(seen.Select(line => $"{line.Key} {line.Value}\n"));
            await DriverText.ReplaceFileAsync(route.Settings.FromOperator("mapFile", map), lines, cancellationToken);
            if (state is not null) await DriverText.ReplaceFileAsync(state, servers, cancellationToken);
            var now = await runtime.MapAsync(map, cancellationToken);
            if (now.SequenceEqual(seen)) return;
            seen = now;
        }
    }

    private static string Describe(string key, IReadOnlyList<string> servers) =>
        $"{key} → {string.Join(' ', servers.Order(StringComparer.Ordinal))}";

    private static HaProxyRuntime Runtime(DriverRoute route) => new(route.Settings.FromOperator("socket")!);

    private static string Map(DriverRoute route) => route.Settings.FromOperator("map")!;

    private static IEnumerable<string> Files(DriverRoute route) =>
        new[] { route.Settings.FromOperator("mapFile", Map(route)), route.Settings.FromOperator("stateFile") }.OfType<string>();

    private static string Key(DriverRoute route) => route.Settings.FromOwner("key", route.Endpoint);

    private static string[] Backends(DriverSettings settings, string endpoint) =>
        settings.FromOwner("backends", $"{endpoint}-blue,{endpoint}-green").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static bool IsExpected(Exception exception) =>
        exception is HaProxyRefusal or SocketException or IOException or UnauthorizedAccessException or FormatException;

    /// <summary>What the map has of an endpoint.</summary>
    private sealed record MapEntry(string Key, string? Backend, string? Mark)
    {
        public static MapEntry Of(IReadOnlyDictionary<string, string> map, string key) =>
            new(key, map.GetValueOrDefault(key), map.GetValueOrDefault(key + MarkSuffix));
    }
}
