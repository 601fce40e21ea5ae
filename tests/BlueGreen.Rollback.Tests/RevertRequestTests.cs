using BlueGreen.Contracts;
using BlueGreen.Rollback.Notifying;
using BlueGreen.Rollback.Tests.Fixture;

namespace BlueGreen.Rollback.Tests;

public sealed class RevertRequestTests
{
    private static RollbackRequested Request(Guid deployment) =>
        new() { DeploymentId = deployment, Endpoint = "fraud", Reason = "the operator's hunch", RequestedBy = "ada" };

    [Fact]
    public async Task Rollback_Requested_RevertsAtTheRouters()
    {
        await using var router = await FakeRouter.StartAsync();
        await using var host = await RollbackHost.StartAsync(router.Address);

        await host.PublishAsync(Request(router.Green));

        await Eventually.BecomesTrueAsync(() => router.Flips == 1);
        var revert = Assert.Single(router.Reverts);
        Assert.Equal(("the operator's hunch", "ada"), (revert.GetProperty("reason").GetString(), revert.GetProperty("requestedBy").GetString()));
    }

    [Theory]
    [InlineData(5000)]
    [InlineData(0)]
    public async Task Rollback_WithAReasonThatNoRouterTakes_RevertsNevertheless(int length)
    {
        await using var router = await FakeRouter.StartAsync();
        await using var host = await RollbackHost.StartAsync(router.Address);

        await host.PublishAsync(Request(router.Green) with { Reason = new string('x', length), RequestedBy = new string('y', length) });

        await Eventually.BecomesTrueAsync(() => router.Flips == 1);
    }

    [Fact]
    public async Task Rollback_WithOneReplicaStoppingAndTheOtherAway_IsTriedAgain()
    {
        await using var stopping = await FakeRouter.StartAsync();
        await using var away = await FakeRouter.StartAsync();
        await using var host = await RollbackHost.StartAsync(stopping.Address, away.Address);
        stopping.Inability = "this replica is stopping";
        away.IsBroken = true;
        await host.PublishAsync(Request(away.Green));
        await Eventually.BecomesTrueAsync(() => stopping.Reverts.Count == 1);
        away.IsBroken = false;

        await Eventually.BecomesTrueAsync(() => away.Flips == 1);
        Assert.Empty(host.Told.All<RevertRefused>());
    }

    [Fact]
    public async Task Baking_FailedWhileTheOnlyRouterCannotRevert_IsTriedAgain()
    {
        await using var router = await FakeRouter.StartAsync();
        await using var host = await RollbackHost.StartAsync(router.Address);
        router.Inability = "no replica of the standby is ready";
        await host.PublishAsync(new BakingFailed
        {
            DeploymentId = router.Green,
            Attempt = 1,
            Endpoint = "fraud",
            Reason = "error-rate 4 % > 1 %",
            Metrics = [],
        });
        await Eventually.BecomesTrueAsync(() => router.Reverts.Count == 1);
        router.Inability = null;

        await Eventually.BecomesTrueAsync(() => router.Flips == 1);
        Assert.Empty(host.Told.All<RevertRefused>());
    }

    [Fact]
    public async Task Baking_Failed_RevertsWithoutTheSagaAndWithoutARule()
    {
        await using var router = await FakeRouter.StartAsync();
        await using var host = await RollbackHost.StartAsync(router.Address);
        await host.ConfigureAsync("fraud", 2);

        await host.PublishAsync(new BakingFailed
        {
            DeploymentId = router.Green,
            Attempt = 1,
            Endpoint = "fraud",
            Reason = "error-rate 4 % > 1 %",
            Metrics = [],
        });

        await Eventually.BecomesTrueAsync(() => router.Flips == 1);
        Assert.Equal("bake", Assert.Single(router.Reverts).GetProperty("requestedBy").GetString());
    }

    [Fact]
    public async Task Rollback_Refused_SaysWhyAndMayBeAskedForAgain()
    {
        await using var router = await FakeRouter.StartAsync();
        await using var host = await RollbackHost.StartAsync(router.Address);
        router.Refusal = "already committed";
        await host.PublishAsync(Request(router.Green));
        var refused = await host.Told.NextAsync<RevertRefused>();
        router.Refusal = null;
        await host.PublishAsync(Request(router.Green));

        Assert.Equal((router.Green, "already committed"), (refused.DeploymentId, refused.Reason));
        await Eventually.BecomesTrueAsync(() => router.Flips == 1);
    }

    [Fact]
    public async Task Rollback_WithNoRouterForLongerThanTheTries_TellsPeopleOnceAndIsCarriedOutWhenOneAnswers()
    {
        await using var router = await FakeRouter.StartAsync();
        await using var host = await RollbackHost.StartAsync(router.Address);
        router.IsBroken = true;
        await host.PublishAsync(Request(router.Green));

        var page = await host.Told.NextAsync<Notification>(one => one.IsUrgent);
        Assert.Contains("500", page.Text, StringComparison.Ordinal);
        await Eventually.BecomesTrueAsync(() => router.Refusals >= 5);
        router.IsBroken = false;

        await Eventually.BecomesTrueAsync(() => router.Flips == 1);
        // "Refused" would end the deployment as if nothing more could be done.
        Assert.Empty(host.Told.All<RevertRefused>());
        Assert.Single(host.Told.All<Notification>(), one => one.IsUrgent);
    }

    [Fact]
    public async Task Traffic_Reverted_TellsPeople()
    {
        await using var router = await FakeRouter.StartAsync();
        await using var host = await RollbackHost.StartAsync(router.Address);

        await host.PublishAsync(new TrafficReverted
        {
            DeploymentId = router.Green,
            Endpoint = "fraud",
            Epoch = 8,
            Reason = "errors",
            RequestedBy = "ada",
            RevertedAt = TimeProvider.System.GetUtcNow(),
        });

        var notification = await host.Told.NextAsync<Notification>();
        Assert.Equal((router.Green, false), (notification.DeploymentId, notification.IsUrgent));
        Assert.Contains("epoch 8", notification.Text, StringComparison.Ordinal);
    }
}
