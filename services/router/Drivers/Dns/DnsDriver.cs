using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace BlueGreen.Router.Drivers.Dns;

/// <summary>
/// A name's addresses, by dynamic update (RFC 2136) of the zone's primary. The update demands that the records are still the ones that were read: name
/// servers compare and swap. Resolvers keep what they were told for its TTL: that is lowered when a switch is in sight, stays low while there is
/// a way back, and for how long clients could still be sent to the former addresses is part of the receipt.
/// </summary>
internal sealed class DnsDriver(TimeProvider clock) : ITrafficDriver
{
    public string Kind => "dns";

    public IReadOnlyList<string> Check(DriverSettings settings)
    {
        var problems = settings.Missing(["name", "zone"], ["server", "key", "secret"]).ToList();
        foreach (var name in new[] { "ttl", "switchTtl" })
        {
            if (settings.FromOwner(name) is { } text && !(uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var ttl) && ttl is > 0 and < 604_800))
                problems.Add($"The policy's route.driver.settings.{name} must be a number of seconds.");
        }

        if (settings.FromOperator("algorithm", "hmac-sha256") is not ("hmac-sha256" or "hmac-sha512"))
            problems.Add($"BlueGreen:Router:Drivers:{settings.Target}:algorithm must be hmac-sha256 or hmac-sha512.");
        if (!Convert.TryFromBase64String(settings.FromOperator("secret", "-"), new byte[1024], out _))
            problems.Add($"BlueGreen:Router:Drivers:{settings.Target}:secret must be base64.");
        return problems;
    }

    public string Describe(DriverRoute route) => Describe(Name(route), route.Live.Replicas.Select(
        replica => DriverAddresses.AddressOf(replica.Address)?.ToString() ?? DriverAddresses.HostOf(replica.Address)), Ttl(route));

    public async Task<DriverReading> ReadAsync(DriverRoute route, CancellationToken cancellationToken)
    {
        try
        {
            var seen = await SeenAsync(route, cancellationToken);
            return DriverReading.Of(seen.Addresses.Count == 0 ? "" : seen.State, seen.Note.Mark, seen.Token) with
            {
                StaleFor = TimeSpan.FromSeconds(seen.Note.StaleSeconds),
            };
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
            var now = await SeenAsync(route, cancellationToken);
            if (now.Token != seen.Token) return DriverResult.Failed("The records were changed while they were being changed.");
            var addresses = Addresses(route);
            var ttl = Ttl(route);
            var note = NoteOf(route, now, addresses, ttl) with { Mark = DriverMark.Of(route, Describe(route)) };
            await Client(route).UpdateAsync(
                route.Settings.FromOwner("zone")!, Demands(route, now), Changes(route, addresses, note, ttl), cancellationToken);
            return DriverResult.Done;
        }
        catch (Exception exception) when (IsExpected(exception))
        {
            return DriverResult.Failed(exception.Message);
        }
    }

    private DnsNote NoteOf(DriverRoute route, Seen seen, IReadOnlyList<IPAddress> addresses, uint ttl)
    {
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        // What resolvers were told until now they keep for so long at most.
        var kept = seen.Addresses.Count == 0 ? 0 : Math.Max(seen.Ttl, seen.Note.Until - now);
        var isMoved = !seen.Addresses.Select(record => new IPAddress(record.Data)).ToHashSet().SetEquals(addresses);
        return new DnsNote(null, ttl < seen.Ttl ? now + kept : seen.Note.Until, isMoved ? kept : seen.Note.StaleSeconds);
    }

    private static List<DnsRecord> Demands(DriverRoute route, Seen seen)
    {
        var demands = seen.All.Select(record => record with { Ttl = 0 }).ToList();
        foreach (var (name, type) in Sets(route))
        {
            if (!seen.All.Any(record => record.Type == type)) demands.Add(new DnsRecord(name, type, DnsCode.None, 0, []));
        }

        return demands;
    }

    private static IReadOnlyList<DnsRecord> Changes(DriverRoute route, IReadOnlyList<IPAddress> addresses, DnsNote note, uint ttl) =>
    [
        .. Sets(route).Select(set => new DnsRecord(set.Name, set.Type, DnsCode.Any, 0, [])),
        .. addresses.Select(address => DnsRecord.OfAddress(Name(route), address, ttl)),
        DnsRecord.OfText(NoteName(route), note.ToString(), ttl),
    ];

    private static (string Name, ushort Type)[] Sets(DriverRoute route) =>
        [(Name(route), DnsCode.A), (Name(route), DnsCode.Aaaa), (NoteName(route), DnsCode.Txt)];

    private static IReadOnlyList<IPAddress> Addresses(DriverRoute route) =>
    [
        .. route.Live.Replicas.Select(replica => DriverAddresses.AddressOf(replica.Address)
            ?? throw new DnsRefusal($"'{DriverAddresses.HostOf(replica.Address)}' is not an IP address: the environment's servers must have addresses of their own.")).Distinct(),
    ];

    private async Task<Seen> SeenAsync(DriverRoute route, CancellationToken cancellationToken)
    {
        var client = Client(route);
        var addresses = new List<DnsRecord>();
        foreach (var type in new[] { DnsCode.A, DnsCode.Aaaa }) addresses.AddRange(await client.QueryAsync(Name(route), type, cancellationToken));
        return new Seen(Name(route), addresses, await client.QueryAsync(NoteName(route), DnsCode.Txt, cancellationToken));
    }

    private DnsClient Client(DriverRoute route) => new(
        route.Settings.FromOperator("server")!,
        new TsigKey(
            route.Settings.FromOperator("key")!,
            route.Settings.FromOperator("algorithm", "hmac-sha256"),
            Convert.FromBase64String(route.Settings.FromOperator("secret")!)),
        clock);

    private static uint Ttl(DriverRoute route) => uint.Parse(
        route.Candidate is not null || route.Standby is not null ? route.Settings.FromOwner("switchTtl", "5") : route.Settings.FromOwner("ttl", "300"),
        CultureInfo.InvariantCulture);

    private static string Name(DriverRoute route) => route.Settings.FromOwner("name")!.TrimEnd('.').ToLowerInvariant();

    private static string NoteName(DriverRoute route) => $"_bluegreen.{Name(route)}";

    private static string Describe(string name, IEnumerable<string> addresses, long ttl) =>
        string.Create(CultureInfo.InvariantCulture, $"{name} → {string.Join(' ', addresses.Distinct().Order(StringComparer.Ordinal))}, TTL {ttl} s");

    private static bool IsExpected(Exception exception) =>
        exception is DnsRefusal or SocketException or IOException or FormatException;

    /// <summary>The records as they stand.</summary>
    private sealed record Seen(string Name, IReadOnlyList<DnsRecord> Addresses, IReadOnlyList<DnsRecord> Notes)
    {
        public DnsNote Note { get; } = DnsNote.Read(Notes.Count == 0 ? null : Notes[0].Text());
        public long Ttl { get; } = Addresses.Count == 0 ? 0 : Addresses.Max(record => record.Ttl);
        public IEnumerable<DnsRecord> All => Addresses.Concat(Notes);
        public string State => Describe(Name, Addresses.Select(record => new IPAddress(record.Data).ToString()), Ttl);
        public string Token => string.Join('|', All.Select(record => Convert.ToHexStringLower(record.Data)).Order(StringComparer.Ordinal)) + $"|{Ttl}";
    }
}
