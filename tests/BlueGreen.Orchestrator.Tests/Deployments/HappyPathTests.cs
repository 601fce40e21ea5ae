using BlueGreen.Contracts;
using BlueGreen.Orchestrator.History;
using BlueGreen.Orchestrator.Tests.Deployments.Fixture;

namespace BlueGreen.Orchestrator.Tests.Deployments;

public sealed class HappyPathTests
{
    [Fact]
    public async Task FirstDeployment_EveryStagePasses_CommitsWithoutARetentionOrADecommission()
    {
        await using var host = await SagaHost.StartAsync();
        var id = await host.CommitFirstAsync();
        var row = (await host.FindAsync(id))!;
        var endpoint = await host.EndpointAsync();
        Assert.Equal(
            ["Provisioning", "Warming", "Validating", "Switching", "Baking", "Releasing"], row.Stages.Select(stage => stage.Stage));
        Assert.All(row.Stages, stage => Assert.NotNull(stage.EndedAt));
        Assert.Empty(host.Transcript.Of<DecommissionEnvironment>(id));
        Assert.Equal((2, id, (Guid?)null), (endpoint.Epoch, endpoint.LiveDeploymentId, endpoint.HolderDeploymentId));
    }

    [Fact]
    public async Task Events_FollowedAgainAfterTheLastOne_EndAtOnce()
    {
        await using var host = await SagaHost.StartAsync();
        var id = await host.CommitFirstAsync();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(10));
        var events = host.Get<DeploymentEvents>();
        var last = await events.FollowAsync(id, 0, limit.Token).LastAsync(limit.Token);
        Assert.Equal("ended", last.EventType);
        var after = long.Parse(last.EventId!, System.Globalization.CultureInfo.InvariantCulture);
        Assert.DoesNotContain("ended", await events.FollowAsync(id, after, limit.Token).Select(item => item.EventType).ToListAsync(limit.Token));
    }

    [Fact]
    public async Task SecondDeployment_BakePasses_RetainsBlueThenReleasesThenDecommissionsIt()
    {
        await using var host = await SagaHost.StartAsync();
        var blue = (await host.FindAsync(await host.CommitFirstAsync()))!.EnvironmentId;
        var id = await host.PromoteAsync("v2");
        var bake = await host.UntilBakingAsync(id);
        Assert.Equal(blue, bake.Blue!.EnvironmentId);
        await host.PublishAsync(bake.Done());
        var release = await host.UntilSaidAsync<ReleaseStandby>(id);
        Assert.Equal(3, release.ExpectedEpoch);
        await host.PublishAsync(release.Done());
        var decommission = await host.UntilSaidAsync<DecommissionEnvironment>(id);
        Assert.Equal(blue, decommission.EnvironmentId);
        await host.PublishAsync(decommission.Done());
        var row = await host.UntilStateAsync(id, "Committed");
        Assert.Contains(row.Stages, stage => stage.Stage == "Retaining");
        Assert.True(row.WaitedMilliseconds >= 50);
        Assert.InRange(row.OverheadMilliseconds!.Value, 0, 60_000);
    }

    [Fact]
    public async Task Promotions_WhileBusy_OnlyTheNewestWaits()
    {
        await using var host = await SagaHost.StartAsync();
        var first = await host.PromoteAsync("v1");
        await host.UntilSaidAsync<ProvisionEnvironment>(first);
        var second = await host.PromoteAsync("v2");
        await host.UntilStateAsync(second, "Queued");
        var third = await host.PromoteAsync("v3");
        var superseded = await host.UntilStateAsync(second, "Superseded");
        Assert.Equal(third, superseded.SupersededBy);
        Assert.Empty(host.Transcript.Of<ProvisionEnvironment>(third));
        await host.PublishAsync((await host.UntilBakingAsync(first)).Done());
        await host.PublishAsync((await host.UntilSaidAsync<ReleaseStandby>(first)).Done());
        var provision = await host.UntilSaidAsync<ProvisionEnvironment>(third);
        Assert.Equal(third, provision.DeploymentId);
        // The route as it stands when the slot is granted, not when the promotion came.
        Assert.Equal(2, (await host.FindAsync(third))!.ExpectedEpoch);
    }

    [Fact]
    public async Task Promotion_OlderThanTheOneThatWaits_IsItselfSuperseded()
    {
        await using var host = await SagaHost.StartAsync();
        await host.UntilSaidAsync<ProvisionEnvironment>(await host.PromoteAsync("v1"));
        var newer = await host.PromoteAsync("v3");
        await host.UntilStateAsync(newer, "Queued");
        var late = await host.PromoteAsync("v2", TimeProvider.System.GetUtcNow() - TimeSpan.FromMinutes(1));
        await host.UntilStateAsync(late, "Superseded");
        Assert.Equal("Queued", (await host.FindAsync(newer))!.CurrentState);
    }
}
