using BlueGreen.Contracts;
using BlueGreen.Router.Drivers.HaProxy;
using BlueGreen.Router.Drivers.Tests.Fixture;
using BlueGreen.Router.Tests.Support;

namespace BlueGreen.Router.Drivers.Tests;

/// <summary>Against a real HAProxy.</summary>
public sealed partial class HaProxyTests : IAsyncDisposable
{
    private readonly TemporaryDirectory _folder = new();
    private readonly int _port = RealProgram.FreePort();
    private RealProgram? _haproxy;

    private string Socket => Path.Combine(_folder.Path, "haproxy.sock");
    private string Map => Path.Combine(_folder.Path, "live.map");
    private HaProxyRuntime Runtime => new(Socket);
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Switching_UnderTraffic_MovesAllOfItWithoutAFailedRequest_AndSurvivesAReload()
    {
        await using var scene = await StartAsync();
        var (first, second) = (Guid.NewGuid(), Guid.NewGuid());
        await scene.SwitchAsync(first, 0, scene.Blue);
        await using var traffic = new Traffic(new Uri($"http://127.0.0.1:{_port}/"));
        await traffic.MoreAsync(50, "blue");

        var receipt = await scene.SwitchAsync(second, 1, scene.Green);

        Assert.Contains(receipt.Acknowledgements, entry => entry.Router == "driver:haproxy/edge" && entry.Milliseconds >= 0);
        Assert.Equal("green", await traffic.OnceAsync());
        await traffic.MoreAsync(50, "green");
        Assert.Equal(0, traffic.Retried);
        await _haproxy!.SignalAsync("USR2");
        await traffic.MoreAsync(200, "green");
        await scene.StandsAsync("InSync");
        Assert.Empty(traffic.Failures);
        Assert.Contains("fraud fraud-blue", await File.ReadAllTextAsync(Map, Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Switching_ToIPv6_FillsTheSlotsAndKnowsThemAgain()
    {
        await using var scene = await StartAsync();
        await scene.SwitchAsync(Guid.NewGuid(), 0, scene.Blue);
        var green = Commands.Switch(Guid.NewGuid(), 1, scene.Green);

        await scene.Router.PublishAsync(green with
        {
            Fleet = green.Fleet with { Replicas = [new Replica { Index = 0, Address = new Uri("http://[2001:db8:0::5]:8080/") }] },
        });
        var receipt = await scene.Router.Spy.NextAsync<TrafficSwitched>(message => message.DeploymentId == green.DeploymentId);

        Assert.True(receipt.Confirmed);
        Assert.Equal("[2001:db8::5]:8080", Assert.Single(await Runtime.ServersAsync("fraud-blue", Ct), server => server.TakesRequests).EndPoint);
        await scene.StandsAsync("InSync");
    }

    [Fact]
    public async Task Reverting_AfterASwitch_BringsTrafficBackBeforeItIsAnswered()
    {
        await using var scene = await StartAsync();
        var (first, second) = (Guid.NewGuid(), Guid.NewGuid());
        await scene.SwitchAsync(first, 0, scene.Blue);
        await scene.SwitchAsync(second, 1, scene.Green);
        await using var traffic = new Traffic(new Uri($"http://127.0.0.1:{_port}/"));
        await traffic.MoreAsync(20, "green");

        using var answer = await scene.Router.RevertAsync(second);

        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Ct));
        Assert.Equal("blue", await traffic.OnceAsync());
        await traffic.MoreAsync(20, "blue");
        Assert.Empty(traffic.Failures);
    }

    [Fact]
    public async Task Drifting_SomebodyElseMovesTheMap_IsSeenRaisedAndNotWrittenOver_UntilAnOperatorSaysSo()
    {
        await using var scene = await StartAsync();
        await scene.SwitchAsync(Guid.NewGuid(), 0, scene.Blue);
        await scene.SwitchAsync(Guid.NewGuid(), 1, scene.Green);

        await Runtime.TellAsync($"set map {Map} fraud fraud-green", Ct);
        await scene.StandsAsync("Drifted");

        var refused = await scene.RefusedAsync(Guid.NewGuid(), 2, scene.Blue, scene.Green);
        Assert.Contains("changed by somebody else", refused.Reason, StringComparison.Ordinal);
        Assert.Equal("fraud-green", (await Runtime.MapAsync(Map, Ct))["fraud"]);
        var raised = await scene.Router.Spy.NextAsync<AttentionRequired>(message => message.Endpoint == Commands.Endpoint);
        Assert.Contains("haproxy/edge was changed by somebody else", raised.Reason, StringComparison.Ordinal);
        Assert.Matches("bluegreen_router_drift[^\n]* 1\\b", await scene.MetricsAsync());

        Assert.Equal(System.Net.HttpStatusCode.OK, await scene.ApplyAgainAsync());
        Assert.Equal("fraud-blue", (await Runtime.MapAsync(Map, Ct))["fraud"]);
        await scene.StandsAsync("InSync");
    }

    [Fact]
    public async Task Reverting_WhileSomebodyElseHasChangedTheMap_IsNotHeldUpByThat_AndSaysSo()
    {
        await using var scene = await StartAsync();
        var second = Guid.NewGuid();
        await scene.SwitchAsync(Guid.NewGuid(), 0, scene.Blue);
        await scene.SwitchAsync(second, 1, scene.Green);
        await Runtime.TellAsync("set server fraud-blue/two weight 0", Ct);
        await Runtime.AskAsync("set server fraud-blue/one addr 127.0.0.9 port 9", Ct);
        await scene.StandsAsync("Drifted");

        await Until.TrueAsync(async () =>
        {
            using var answer = await scene.Router.RevertAsync(second);
            return answer.IsSuccessStatusCode;
        }, () => "The revert was not made.");

        await scene.StandsAsync("InSync");
        await using var traffic = new Traffic(new Uri($"http://127.0.0.1:{_port}/"));
        await traffic.MoreAsync(10, "blue");
        await scene.Router.Spy.NextAsync<AttentionRequired>(message => message.Reason.Contains("was written over", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Switching_HaProxyIsAway_IsRefusedBeforeTheRouteChanges()
    {
        await using var scene = await StartAsync(("BlueGreen:Router:DriverDeadline", "00:00:01"));
        await scene.SwitchAsync(Guid.NewGuid(), 0, scene.Blue);
        await _haproxy!.DisposeAsync();

        var refused = await scene.RefusedAsync(Guid.NewGuid(), 1, scene.Green);

        Assert.Contains("haproxy/edge cannot be read", refused.Reason, StringComparison.Ordinal);
        Assert.True(scene.Router.Table.Current.TryGet(Commands.Endpoint, out var entry));
        Assert.Equal(1, entry.State.Epoch);
    }

    public async ValueTask DisposeAsync()
    {
        if (_haproxy is not null) await _haproxy.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>The first fleet goes into the backend that is not live yet, fraud-green; the second into fraud-blue.</summary>
    private async Task<DrivenRouter> StartAsync(params (string Key, string Value)[] settings)
    {
        await RunAsync("fraud fraud-blue\n");
        return await DrivenRouter.StartAsync(
            new TrafficDriver { Kind = "haproxy", Target = "edge" },
            settings,
            ("socket", Socket), ("map", Map), ("stateFile", Path.Combine(_folder.Path, "servers.state")));
    }

    private async Task RunAsync(string map)
    {
        var config = Path.Combine(_folder.Path, "haproxy.cfg");
        await File.WriteAllTextAsync(Map, map, Ct);
        await File.WriteAllTextAsync(config, $"""
            global
                stats socket {Socket} mode 600 level admin
                server-state-file {_folder.Path}/servers.state
            defaults
                mode http
                load-server-state-from-file global
                timeout connect 2s
                timeout client 60s
                timeout server 60s
            frontend clients
                bind 127.0.0.1:{_port}
                use_backend %[str(fraud),map({Map})]
            backend fraud-blue
                server one 127.0.0.1:1
                server two 127.0.0.1:1
            backend fraud-green
                server one 127.0.0.1:1
                server two 127.0.0.1:1
            backend churn-blue
                server one 127.0.0.1:1
                server two 127.0.0.1:1
            backend churn-green
                server one 127.0.0.1:1
                server two 127.0.0.1:1

            """, Ct);
        _haproxy = await RealProgram.StartAsync("haproxy", _folder.Path, _port, "-W", "-db", "-f", config);
    }
}
