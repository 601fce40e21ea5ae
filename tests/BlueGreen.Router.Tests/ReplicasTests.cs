using BlueGreen.Contracts;
using BlueGreen.Platform.Hosting;
using BlueGreen.Router.Switching;
using BlueGreen.Router.Tests.Support;
using Microsoft.Extensions.Options;

namespace BlueGreen.Router.Tests;

public sealed class ReplicasTests
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task TwoReplicas_BothAcknowledgeTheSwitch_AndARevertOnOneReachesTheOther()
    {
        using var here = new TemporaryDirectory();
        using var there = new TemporaryDirectory();
        var database = ("BlueGreen:Database:ConnectionString", $"Data Source={Path.Combine(here.Path, "shared.db")}");
        await using var blue = await ModelServer.StartAsync("v1");
        await using var green = await ModelServer.StartAsync("v2");
        await using var first = await RouterHost.StartAsync(here, database);
        await using var second = await RouterHost.StartAsync(there, database);
        // Each has a bus of its own here, and either may send what the shared outbox holds.
        var spies = new[] { first.Spy, second.Spy };

        await first.PublishAsync(Commands.Switch(Guid.NewGuid(), 0, blue));
        var live = await AnyAsync<TrafficSwitched>(spies, message => message.Epoch == 1);
        await first.PublishAsync(Commands.Switch(Guid.NewGuid(), 1, green));
        var made = await AnyAsync<TrafficSwitched>(spies, message => message.Epoch == 2);

        Assert.True(made.Confirmed);
        Assert.Equal(
            new[] { first.Get<ReplicaStanding>().Name, second.Get<ReplicaStanding>().Name }.Order(),
            made.Acknowledgements.Select(entry => entry.Router).Order());
        using var reverted = await second.RevertAsync(made.DeploymentId);
        reverted.EnsureSuccessStatusCode();
        await Eventually.TrueAsync(() => first.Table.Current.Entries.Single().EpochText == "3");
        using var served = await first.Inference.GetAsync("/fraud/x", Token);
        Assert.Equal(live.EnvironmentId.ToString(), served.Headers.GetValues("X-BlueGreen-Environment").Single());
    }

    [Fact]
    public async Task Replica_KeepsItsNameWithItsDisk_AndSignsOffOnACleanStop()
    {
        using var data = new TemporaryDirectory();
        string name;
        await using (var router = await RouterHost.StartAsync(data))
        {
            name = router.Get<ReplicaStanding>().Name;
            Assert.True(router.Get<ReplicaStanding>().MayRevert);
        }

        var memory = new ReplicaFile(Options.Create(new PlatformOptions { DataDirectory = data.Path })).Read()!;
        Assert.False(memory.Registered);
        await using var again = await RouterHost.StartAsync(data);
        Assert.Equal(name, again.Get<ReplicaStanding>().Name);
        Assert.True(again.Get<ReplicaStanding>().MayRevert);
    }

    private static async Task<T> AnyAsync<T>(MessageSpy[] spies, Func<T, bool> fits) =>
        await await Task.WhenAny(spies.Select(spy => spy.NextAsync(fits)));
}
