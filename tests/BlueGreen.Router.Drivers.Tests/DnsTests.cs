using System.Globalization;
using System.Net;
using BlueGreen.Contracts;
using BlueGreen.Router.Drivers.Dns;
using BlueGreen.Router.Drivers.Tests.Fixture;
using BlueGreen.Router.Tests.Support;

namespace BlueGreen.Router.Drivers.Tests;

/// <summary>Against a real BIND.</summary>
public sealed class DnsTests : IAsyncDisposable
{
    private const string Name = "fraud.models.test";
    private const string Note = "_bluegreen." + Name;
    private readonly TemporaryDirectory _folder = new();
    private readonly int _port = RealProgram.FreePort();
    private readonly string _secret = Convert.ToBase64String(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32));
    private RealProgram? _bind;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;
    private DnsClient Client => Signed(_secret);

    [Fact]
    public async Task Switching_LowersTheTtlBefore_MovesTheName_AndReportsForHowLongCachesMayHaveTheFormerAddress()
    {
        await using var scene = await StartAsync();
        await scene.SwitchAsync(Guid.NewGuid(), 0, scene.Blue);
        Assert.Equal([("127.0.0.1", 60u)], await AddressesAsync());
        var (second, green) = (Guid.NewGuid(), Commands.Switch(Guid.NewGuid(), 1, scene.Green));

        await scene.Router.PublishAsync(Commands.Validate(second, green.Fleet));
        await Until.TrueAsync(async () => (await AddressesAsync()).SequenceEqual([("127.0.0.1", 2u)]), () => "The TTL was not lowered.");
        var moved = green with { DeploymentId = second, Fleet = At(green.Fleet, "127.0.0.2", "127.0.0.3") };
        await scene.Router.PublishAsync(moved);
        var receipt = await scene.Router.Spy.NextAsync<TrafficSwitched>(message => message.DeploymentId == second);

        Assert.True(receipt.Confirmed);
        Assert.Equal([("127.0.0.2", 2u), ("127.0.0.3", 2u)], await AddressesAsync());
        var driver = Assert.Single(receipt.Acknowledgements, entry => entry.Router == "driver:dns");
        // Resolvers were told 60 s until some moments ago.
        Assert.InRange(driver.StaleMilliseconds!.Value, 2_000, 60_000);
    }

    [Fact]
    public async Task Switching_ToIPv6_WritesTheAddressAndKnowsItAgain()
    {
        await using var scene = await StartAsync();
        await scene.SwitchAsync(Guid.NewGuid(), 0, scene.Blue);
        var green = Commands.Switch(Guid.NewGuid(), 1, scene.Green);

        await scene.Router.PublishAsync(green with { Fleet = At(green.Fleet, "[2001:db8:0::5]", "127.0.0.2") });
        var receipt = await scene.Router.Spy.NextAsync<TrafficSwitched>(message => message.DeploymentId == green.DeploymentId);

        Assert.True(receipt.Confirmed);
        Assert.Equal(["2001:db8::5"], (await Client.QueryAsync(Name, DnsCode.Aaaa, Ct)).Select(record => new IPAddress(record.Data).ToString()));
        Assert.Equal([("127.0.0.2", 2u)], await AddressesAsync());
        await scene.StandsAsync("InSync");
    }

    [Fact]
    public async Task Releasing_TheWayBackIsGone_RaisesTheTtlAgain()
    {
        await using var scene = await StartAsync();
        await scene.SwitchAsync(Guid.NewGuid(), 0, scene.Blue);
        var second = Guid.NewGuid();
        await scene.SwitchAsync(second, 1, scene.Green);
        Assert.Equal([("127.0.0.1", 2u)], await AddressesAsync());

        await scene.Router.PublishAsync(Commands.Release(second, 2));

        await Until.TrueAsync(async () => (await AddressesAsync()).SequenceEqual([("127.0.0.1", 60u)]), () => "The TTL was not raised.");
    }

    [Fact]
    public async Task Drifting_SomebodyElseMovesTheName_IsSeenAndNotWrittenOver()
    {
        await using var scene = await StartAsync();
        await scene.SwitchAsync(Guid.NewGuid(), 0, scene.Blue);

        await Client.UpdateAsync(
            "models.test", [],
            [new DnsRecord(Name, DnsCode.A, DnsCode.Any, 0, []), DnsRecord.OfAddress(Name, IPAddress.Parse("127.0.0.9"), 60)], Ct);
        await scene.StandsAsync("Drifted");

        var raised = await scene.Router.Spy.NextAsync<AttentionRequired>(message => message.Endpoint == Commands.Endpoint);
        Assert.Contains("127.0.0.9", raised.Reason, StringComparison.Ordinal);
        Assert.Equal([("127.0.0.9", 60u)], await AddressesAsync());
        Assert.Equal(HttpStatusCode.OK, await scene.ApplyAgainAsync());
        Assert.Equal([("127.0.0.1", 60u)], await AddressesAsync());
    }

    [Fact]
    public async Task Updating_TheRecordsAreOthersByNow_IsRefusedByTheNameServer()
    {
        await using var scene = await StartAsync();
        await scene.SwitchAsync(Guid.NewGuid(), 0, scene.Blue);
        var demand = DnsRecord.OfAddress(Name, IPAddress.Parse("127.0.0.77"), 0);

        var refusal = await Assert.ThrowsAsync<DnsRefusal>(
            () => Client.UpdateAsync("models.test", [demand], [DnsRecord.OfAddress(Name, IPAddress.Parse("127.0.0.9"), 60)], Ct));

        Assert.Contains("changed while they were being changed", refusal.Message, StringComparison.Ordinal);
        Assert.Equal([("127.0.0.1", 60u)], await AddressesAsync());
        Assert.Contains("bluegreen-v=", Assert.Single(await Client.QueryAsync(Note, DnsCode.Txt, Ct)).Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Asking_WithAnotherSecret_IsNotAnswered()
    {
        await using var scene = await StartAsync();
        var other = Signed(Convert.ToBase64String(new byte[32]));

        var refusal = await Assert.ThrowsAsync<DnsRefusal>(() => other.QueryAsync(Name, DnsCode.A, Ct));

        Assert.Contains("BADSIG", refusal.Message, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        if (_bind is not null) await _bind.DisposeAsync();
        _folder.Dispose();
    }

    private static Fleet At(Fleet fleet, params string[] addresses) => fleet with
    {
        Replicas = addresses.Select((address, index) => new Replica { Index = index, Address = new Uri($"http://{address}:8000/") }).ToArray(),
    };

    private DnsClient Signed(string secret) => new(
        $"127.0.0.1:{_port.ToString(CultureInfo.InvariantCulture)}", new TsigKey("platform", "hmac-sha256", Convert.FromBase64String(secret)), TimeProvider.System);

    private async Task<IReadOnlyList<(string Address, uint Ttl)>> AddressesAsync() =>
        [.. (await Client.QueryAsync(Name, DnsCode.A, Ct)).Select(record => (new IPAddress(record.Data).ToString(), record.Ttl)).Order()];

    private async Task<DrivenRouter> StartAsync()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "models.zone"), """
            $TTL 60
            @ IN SOA ns.models.test. admin.models.test. ( 1 60 60 3600 60 )
            @ IN NS ns.models.test.
            ns IN A 127.0.0.1

            """, Ct);
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "named.conf"), $$"""
            key "platform" { algorithm hmac-sha256; secret "{{_secret}}"; };
            options {
                directory "{{_folder.Path}}";
                pid-file none;
                session-keyfile none;
                listen-on port {{_port}} { 127.0.0.1; };
                listen-on-v6 { none; };
                recursion no;
                dnssec-validation no;
                notify no;
            };
            controls { };
            zone "models.test" { type primary; file "models.zone"; allow-update { key "platform"; }; };

            """, Ct);
        _bind = await RealProgram.StartAsync("named", _folder.Path, _port, "-g", "-4", "-n", "1", "-c", Path.Combine(_folder.Path, "named.conf"));
        return await DrivenRouter.StartAsync(
            new TrafficDriver
            {
                Kind = "dns",
                Settings = new Dictionary<string, string> { ["name"] = Name, ["zone"] = "models.test", ["ttl"] = "60", ["switchTtl"] = "2" },
            },
            ("server", $"127.0.0.1:{_port}"), ("key", "platform"), ("secret", _secret));
    }
}
