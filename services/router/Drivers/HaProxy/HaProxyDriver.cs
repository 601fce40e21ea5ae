using System.Net.Sockets;

namespace BlueGreen.Router.Drivers.HaProxy;

/// <summary>
/// HAProxy by its runtime API, without a reload. The configuration has two backends with server slots, of which a map says which one is live
/// (docs/drivers.md). Green is put into the slots of the one that is not, then the map is changed as a whole by a map transaction:
/// every request goes by the former or by the new one. The map's file, and the servers' state file, are written too: both survive a reload.
/// </summary>
internal sealed class HaProxyDriver : ITrafficDriver, IDisposable
{
    private const string MarkSuffix = "#mark";
    private readonly SemaphoreSlim _turn = new(1, 1);

    public string Kind => "haproxy";

    public void Dispose() => _turn.Dispose();

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
        // Endpoints share a map, and a transaction is about all of it.
        await _turn.WaitAsync(cancellationToken);
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
            var next = new SortedDictionary<string, string>(map.ToDictionary(), StringComparer.Ordinal)
            {
                [Key(route)] = backend,
                [Key(route) + MarkSuffix] = DriverMark.Of(route, Describe(route)).ToString(),
            };
            await CommitAsync(runtime, route, map, next, cancellationToken);
            return DriverResult.Done;
        }
        catch (Exception exception) when (IsExpected(exception))
        {
            return DriverResult.Failed(exception.Message);
        }
        finally
        {
            _turn.Release();
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
    /// The files before the change: whoever reloads after it finds it in them. What fails in between leaves files that are ahead, and the next
    /// look applies the route again.
    /// </summary>
    private static async Task CommitAsync(
        HaProxyRuntime runtime,
        DriverRoute route,
        IReadOnlyDictionary<string, string> seen,
        SortedDictionary<string, string> next,
        CancellationToken cancellationToken)
    {
        var map = Map(route);
        var said = await runtime.AskAsync($"prepare map {map}", cancellationToken);
        var version = said.Split(' ')[^1];
        if (version.Length == 0 || !version.All(char.IsAsciiDigit)) throw new HaProxyRefusal($"HAProxy does not change the map {map}: {said}");
        var entries = string.Concat(next.Select(entry => $"{entry.Key} {entry.Value}\n"));
        await runtime.TellAsync($"add map @{version} {map} <<\n{entries}", cancellationToken);
        await DriverText.ReplaceFileAsync(route.Settings.FromOperator("mapFile", map), entries, cancellationToken);
        if (route.Settings.FromOperator("stateFile") is { } state)
            await DriverText.ReplaceFileAsync(state, await runtime.AskAsync("show servers state", cancellationToken) + "\n", cancellationToken);
        if (!(await runtime.MapAsync(map, cancellationToken)).SequenceEqual(seen))
        {
            await runtime.TellAsync($"clear map @{version} {map}", cancellationToken);
            throw new HaProxyRefusal($"The map {map} was changed while it was being changed.");
        }

        await runtime.TellAsync($"commit map @{version} {map}", cancellationToken);
    }

    private static string Describe(string key, IReadOnlyList<string> servers) =>
        $"{key} → {string.Join(' ', servers.Order(StringComparer.Ordinal))}";

    private static HaProxyRuntime Runtime(DriverRoute route) => new(route.Settings.FromOperator("socket")!);

    private static string Map(DriverRoute route) => route.Settings.FromOperator("map")!;

    private static string Key(DriverRoute route) => route.Settings.FromOwner("key", route.Endpoint);

    private static string[] Backends(DriverSettings settings, string endpoint) =>
        settings.FromOwner("backends", $"{endpoint}-blue,{endpoint}-green").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static bool IsExpected(Exception exception) =>
        exception is HaProxyRefusal or SocketException or IOException or UnauthorizedAccessException or FormatException;
}
