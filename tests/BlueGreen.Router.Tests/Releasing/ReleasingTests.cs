using System.Net;
using BlueGreen.Contracts;
using BlueGreen.Platform.Persistence;
using BlueGreen.Router.Persistence;
using BlueGreen.Router.Switching;
using BlueGreen.Router.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace BlueGreen.Router.Tests.Releasing;

public sealed class ReleasingTests
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Release_TakesTheStandbyAway_LaterRevertsAre409_AndARepetitionGetsTheSameAnswer()
    {
        using var data = new TemporaryDirectory();
        await using var blue = await ModelServer.StartAsync("v1");
        await using var green = await ModelServer.StartAsync("v2");
        await using var router = await RouterHost.StartAsync(data);
        var first = await router.SwitchAsync(Guid.NewGuid(), 0, blue);
        var second = await router.SwitchAsync(Guid.NewGuid(), first.Epoch, green);

        await router.PublishAsync(Commands.Release(second.DeploymentId, second.Epoch));
        var released = await router.Spy.NextAsync<StandbyReleased>(_ => true);
        await router.PublishAsync(Commands.Release(second.DeploymentId, second.Epoch));
        var again = (await router.Spy.NextAsync<StandbyReleased>(_ => true, count: 2))[1];

        Assert.Equal((3, first.EnvironmentId), (released.Epoch, released.ReleasedEnvironmentId!.Value));
        Assert.Equal(released, again);
        using var revert = await router.RevertAsync(second.DeploymentId);
        Assert.Equal(HttpStatusCode.Conflict, revert.StatusCode);
        using var older = await router.RevertAsync(first.DeploymentId);
        Assert.Equal(HttpStatusCode.OK, older.StatusCode);
        await Eventually.TrueAsync(() => router.Table.Current.Entries.Single().State.Epoch == 3);
        Assert.Equal(second.EnvironmentId, router.Table.Current.Entries.Single().Live!.EnvironmentId);
    }

    [Fact]
    public async Task Release_OfARevertedDeployment_OrAtAnotherEpoch_Fails()
    {
        using var data = new TemporaryDirectory();
        await using var blue = await ModelServer.StartAsync("v1");
        await using var green = await ModelServer.StartAsync("v2");
        await using var router = await RouterHost.StartAsync(data);
        var first = await router.SwitchAsync(Guid.NewGuid(), 0, blue);
        var second = await router.SwitchAsync(Guid.NewGuid(), first.Epoch, green);

        await router.PublishAsync(Commands.Release(second.DeploymentId, first.Epoch));
        var stale = await router.Spy.NextAsync<StandbyReleaseFailed>(_ => true);
        Assert.Contains("epoch 2", stale.Reason);
        using var revert = await router.RevertAsync(second.DeploymentId);
        revert.EnsureSuccessStatusCode();
        await router.PublishAsync(Commands.Release(second.DeploymentId, second.Epoch) with { Attempt = 2 });

        var failed = await router.Spy.NextAsync<StandbyReleaseFailed>(message => message.Attempt == 2);
        Assert.Contains("reverted", failed.Reason);
        Assert.Empty(router.Spy.All<StandbyReleased>());
    }

    [Fact]
    public async Task Release_WaitsForAReplicaThatCouldStillRevert_AndIsWithdrawn()
    {
        using var data = new TemporaryDirectory();
        await using var blue = await ModelServer.StartAsync("v1");
        await using var green = await ModelServer.StartAsync("v2");
        await using var router = await RouterHost.StartAsync(data, ("BlueGreen:Router:ReleaseDeadline", "00:00:00.500"));
        var first = await router.SwitchAsync(Guid.NewGuid(), 0, blue);
        var second = await router.SwitchAsync(Guid.NewGuid(), first.Epoch, green);
        await router.Get<ReplicaRegistry>().RenewAsync("silent-replica", Token);

        await router.PublishAsync(Commands.Release(second.DeploymentId, second.Epoch));
        var failed = await router.Spy.NextAsync<StandbyReleaseFailed>(_ => true);

        Assert.Contains("silent-replica", failed.Reason);
        await Eventually.TrueAsync(() => router.Table.Current.Entries.Single().State.Releasing is null);
        using var revert = await router.RevertAsync(second.DeploymentId);
        revert.EnsureSuccessStatusCode();
        Assert.Equal(3, (await router.Spy.NextAsync<TrafficReverted>(_ => true)).Epoch);
    }

    [Fact]
    public async Task Release_AgainstAConcurrentRevert_ExactlyOneWins()
    {
        const int rounds = 12;
        using var data = new TemporaryDirectory();
        await using var blue = await ModelServer.StartAsync("v1");
        await using var green = await ModelServer.StartAsync("v2");
        await using var router = await RouterHost.StartAsync(data);
        var epoch = (await router.SwitchAsync(Guid.NewGuid(), 0, blue)).Epoch;
        for (var round = 0; round < rounds; round++)
        {
            var made = await router.SwitchAsync(Guid.NewGuid(), epoch, round % 2 == 0 ? green : blue);
            var release = router.PublishAsync(Commands.Release(made.DeploymentId, made.Epoch));
            if (round % 3 == 1)
                await Eventually.TrueAsync(() => router.Table.Current.Entries.Single().State is { Releasing: not null } or { Standby: null });
            using var revert = await RevertUntilDecidedAsync(router, made.DeploymentId);
            await release;

            if (revert.StatusCode == HttpStatusCode.OK)
            {
                epoch = (await router.Spy.NextAsync<TrafficReverted>(message => message.DeploymentId == made.DeploymentId)).Epoch;
                await router.Spy.NextAsync<StandbyReleaseFailed>(message => message.DeploymentId == made.DeploymentId);
                Assert.DoesNotContain(router.Spy.All<StandbyReleased>(), message => message.DeploymentId == made.DeploymentId);
            }
            else
            {
                Assert.Equal(HttpStatusCode.Conflict, revert.StatusCode);
                epoch = (await router.Spy.NextAsync<StandbyReleased>(message => message.DeploymentId == made.DeploymentId)).Epoch;
                Assert.DoesNotContain(router.Spy.All<TrafficReverted>(), message => message.DeploymentId == made.DeploymentId);
            }

            var row = await router.Get<IServiceStore<RouterDbContext>>().ReadAsync((db, token) => db.Routes.SingleAsync(token), Token);
            Assert.Equal(epoch, row.Epoch);
            Assert.Null(row.Releasing);
        }
    }

    /// <summary>503 while it is not known yet whether the release is made or withdrawn.</summary>
    private static async Task<HttpResponseMessage> RevertUntilDecidedAsync(RouterHost router, Guid deployment)
    {
        while (true)
        {
            var answer = await router.RevertAsync(deployment);
            if (answer.StatusCode != HttpStatusCode.ServiceUnavailable) return answer;
            answer.Dispose();
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Token);
        }
    }
}
