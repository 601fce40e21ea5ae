using System.Net;
using BlueGreen.Contracts;
using BlueGreen.Router.Drivers.Tests.Fixture;
using BlueGreen.Router.Switching;
using BlueGreen.Router.Tests.Support;

namespace BlueGreen.Router.Drivers.Tests;

/// <summary>Two routers on one database, in front of which there is one load balancer.</summary>
public sealed class ReplicasTests : IAsyncDisposable
{
    private readonly TemporaryDirectory _here = new();
    private readonly TemporaryDirectory _there = new();
    private readonly List<RouterHost> _routers = [];
    private RouteServer _target = null!;
    private ModelServer _blue = null!;
    private ModelServer _green = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Switching_EveryReplicaCouldWrite_OneDoes_AndEachKnowsThatItFollows()
    {
        await StartAsync();
        var before = _target.Writes;

        for (var epoch = 2; epoch < 8; epoch++)
        {
            var made = await SwitchAsync(epoch, epoch % 2 == 0 ? _blue : _green);
            Assert.True(made.Confirmed);
            Assert.Equal(3, made.Acknowledgements.Count);
            await StandAsync("InSync");
        }

        Assert.Equal(6, _target.Writes - before);
    }

    [Fact]
    public async Task Drifting_EveryReplicaSeesIt_OneRaisesIt_AndTheSameAgainAfterARepairIsRaisedAgain()
    {
        await StartAsync();

        await DriftAsync();
        await AssertRaisedAsync(1);
        await ApplyAgainAsync();
        await DriftAsync();
        await AssertRaisedAsync(2);
    }

    [Fact]
    public async Task Reverting_TheOneReplicaThatIsAsked_WritesItselfWhenTheOthersDoNot()
    {
        await StartAsync();
        var made = await SwitchAsync(2, _blue);
        var before = _target.Writes;

        foreach (var router in _routers)
        {
            using var answer = await router.RevertAsync(made.DeploymentId);
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Ct));
            Assert.Equal("fraud-green", _target.Backend);
        }

        await StandAsync("InSync");
        Assert.InRange(_target.Writes - before, 1, 2);
        Assert.Empty(Alarms());
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var router in _routers) await router.DisposeAsync();
        await _blue.DisposeAsync();
        await _green.DisposeAsync();
        await _target.DisposeAsync();
        _here.Dispose();
        _there.Dispose();
    }

    /// <summary>Blue, then green, are live; every replica knows of the other.</summary>
    private async Task StartAsync()
    {
        (_target, _blue, _green) = (await RouteServer.StartAsync(), await ModelServer.StartAsync("blue"), await ModelServer.StartAsync("green"));
        foreach (var data in new[] { _here, _there })
        {
            _routers.Add(await RouterHost.StartAsync(
                data,
                ("BlueGreen:Database:ConnectionString", $"Data Source={Path.Combine(_here.Path, "shared.db")}"),
                ("BlueGreen:Router:DriftInterval", "00:00:00.250"),
                ("BlueGreen:Router:Drivers:http:address", new Uri(_target.Address, "route").ToString()),
                ("BlueGreen:Router:Drivers:http:token", "secret")));
        }

        var driver = new TrafficDriver { Kind = "http", Settings = new Dictionary<string, string> { ["backend"] = "{model}-{version}" } };
        await _routers[0].PublishAsync(Commands.Configure("/" + Commands.Endpoint, 1, new TrafficPolicy { Driver = driver }));
        await Eventually.TrueAsync(() => _routers.All(router =>
            router.Table.Current.TryGet(Commands.Endpoint, out var entry) && entry.State.Settings.Traffic.Driver is not null));
        await Eventually.TrueAsync(() => _routers.All(router => router.Get<ReplicaSight>().Alive.Count() == 2));
        await SwitchAsync(0, _blue);
        await SwitchAsync(1, _green);
        await StandAsync("InSync");
    }

    private async Task<TrafficSwitched> SwitchAsync(long epoch, ModelServer fleet)
    {
        var deployment = Guid.NewGuid();
        await _routers[(int)epoch % 2].PublishAsync(Commands.Switch(deployment, epoch, fleet));
        // Each has a bus of its own here, and either may send what the shared outbox holds.
        return await await Task.WhenAny(_routers.Select(router => router.Spy.NextAsync<TrafficSwitched>(message => message.DeploymentId == deployment)));
    }

    private async Task DriftAsync()
    {
        _target.Replace("by-hand");
        await StandAsync("Drifted");
        var read = _target.Reads;
        await Eventually.TrueAsync(() => _target.Reads > read + 12);
    }

    private async Task ApplyAgainAsync()
    {
        using var answer = await _routers[1].Control.PostAsync($"/routes/{Commands.Endpoint}/driver/apply", null, Ct);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await StandAsync("InSync");
    }

    private Task StandAsync(string standing) => Until.TrueAsync(
        () => Task.FromResult(_routers.All(router => router.Get<DriverKeeper>().Find(Commands.Endpoint)?.Standing.ToString() == standing)),
        () => $"Not both are {standing}.");

    private async Task AssertRaisedAsync(int times)
    {
        await Eventually.TrueAsync(() => Alarms().Count >= times);
        Assert.Equal(times, Alarms().Count);
    }

    /// <summary>Each once, however often the bus delivers it.</summary>
    private List<AttentionRequired> Alarms() => [.. _routers.SelectMany(router => router.Spy.All<AttentionRequired>())
        .Where(message => message.Reason.Contains("stays so until the route is applied again", StringComparison.Ordinal)).DistinctBy(message => message.At)];
}
