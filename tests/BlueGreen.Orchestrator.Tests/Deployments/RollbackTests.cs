using BlueGreen.Contracts;
using BlueGreen.Orchestrator.Tests.Deployments.Fixture;

namespace BlueGreen.Orchestrator.Tests.Deployments;

public sealed class RollbackTests
{
    [Fact]
    public async Task Baking_TrafficWasReverted_QuarantinesGreenAndBlueIsLiveAgain()
    {
        await using var host = await SagaHost.StartAsync();
        var blueDeployment = await host.CommitFirstAsync();
        var blue = (await host.FindAsync(blueDeployment))!.EnvironmentId;
        var id = await host.PromoteAsync("v2");
        await host.UntilBakingAsync(id);
        await host.PublishAsync((await host.UntilSaidAsync<SwitchTraffic>(id)).Reverted(blue));
        await host.PublishAsync((await host.UntilSaidAsync<QuarantineEnvironment>(id)).Done());
        var row = await host.UntilStateAsync(id, "RolledBack");
        var endpoint = await host.EndpointAsync();
        Assert.Equal("alertmanager: alarm", row.Reason);
        Assert.Equal((blue, blueDeployment), (endpoint.LiveEnvironmentId, endpoint.LiveDeploymentId));
        Assert.Empty(host.Transcript.Of<DecommissionEnvironment>(id));
        Assert.Null(endpoint.HolderDeploymentId);
    }

    [Fact]
    public async Task Switching_RevertedBeforeItsReceiptIsHeard_StillRollsBack()
    {
        await using var host = await SagaHost.StartAsync();
        var blue = (await host.FindAsync(await host.CommitFirstAsync()))!.EnvironmentId;
        var id = await host.PromoteAsync("v2");
        await host.PublishAsync((await host.UntilSaidAsync<ProvisionEnvironment>(id)).Done());
        await host.PublishAsync((await host.UntilSaidAsync<WarmEnvironment>(id)).Done());
        await host.PublishAsync((await host.UntilSaidAsync<ValidateEnvironment>(id)).Done());
        var order = await host.UntilSaidAsync<SwitchTraffic>(id);
        await host.PublishAsync(order.Reverted(blue));
        await host.UntilStateAsync(id, "RollingBack");
        await host.PublishAsync(order.Done());
        await host.PublishAsync((await host.UntilSaidAsync<QuarantineEnvironment>(id)).Done());
        await host.UntilStateAsync(id, "RolledBack");
        Assert.Equal(blue, (await host.EndpointAsync()).LiveEnvironmentId);
        Assert.Empty(host.Transcript.Of<BeginBaking>(id));
    }

    [Fact]
    public async Task Baking_BakeFailed_VoidsALaterPass()
    {
        await using var host = await SagaHost.StartAsync();
        await host.CommitFirstAsync();
        var id = await host.PromoteAsync("v2");
        var bake = await host.UntilBakingAsync(id);
        await host.PublishAsync(bake.Failed());
        await host.UntilStateAsync(id, "RollingBack");
        await host.PublishAsync(bake.Done());
        await host.PublishAsync((await host.UntilSaidAsync<SwitchTraffic>(id)).Reverted(null));
        await host.PublishAsync((await host.UntilSaidAsync<QuarantineEnvironment>(id)).Done());
        Assert.Equal("null-rate", (await host.UntilStateAsync(id, "RolledBack")).Reason);
        Assert.Empty(host.Transcript.Of<ReleaseStandby>(id));
    }

    [Fact]
    public async Task FirstDeployment_BakeFailsAndThereIsNoWayBack_EndsAsFailedAndStaysLive()
    {
        await using var host = await SagaHost.StartAsync();
        var id = await host.PromoteAsync("v1");
        await host.PublishAsync((await host.UntilBakingAsync(id)).Failed());
        await host.UntilStateAsync(id, "RollingBack");
        await host.PublishAsync(new RevertRefused { DeploymentId = id, Endpoint = SagaHost.Endpoint, Reason = "no standby" });
        var row = await host.UntilStateAsync(id, "Failed");
        Assert.Equal(("null-rate; no standby", "Baking"), (row.Reason, row.FailedStage));
        Assert.Equal(id, (await host.EndpointAsync()).LiveDeploymentId);
    }

    [Fact]
    public async Task Switching_RevertIsRefusedAndNoReceiptWasHeard_NeverTearsDownWhatMayBeLive()
    {
        await using var host = await SagaHost.StartAsync();
        var id = await host.PromoteAsync("v1");
        await host.UntilValidatedAsync(id);
        var order = await host.UntilSaidAsync<SwitchTraffic>(id);
        await host.FaultAsync(order);
        await host.UntilStateAsync(id, "RollingBack");
        await host.PublishAsync(new RevertRefused { DeploymentId = id, Endpoint = SagaHost.Endpoint, Reason = "no standby" });
        await host.UntilStateAsync(id, "Failed");
        await host.PublishAsync(order.Done());
        await SagaHost.UntilAsync(async () => (await host.EndpointAsync()).LiveDeploymentId == id);
        Assert.Empty(host.Transcript.Of<DecommissionEnvironment>(id));
    }

    [Fact]
    public async Task Ended_RevertSucceedsAfterAll_TheEndpointFollowsItsRoute()
    {
        await using var host = await SagaHost.StartAsync();
        var blue = (await host.FindAsync(await host.CommitFirstAsync()))!.EnvironmentId;
        var id = await host.PromoteAsync("v2");
        await host.PublishAsync((await host.UntilBakingAsync(id)).Failed());
        await host.UntilStateAsync(id, "RollingBack");
        await host.PublishAsync(new RevertRefused { DeploymentId = id, Endpoint = SagaHost.Endpoint, Reason = "blue was not ready" });
        await host.UntilStateAsync(id, "Failed");
        var reverted = (await host.UntilSaidAsync<SwitchTraffic>(id)).Reverted(blue);
        await host.PublishAsync(reverted);
        await SagaHost.UntilAsync(async () => (await host.EndpointAsync()).Epoch == reverted.Epoch);
        Assert.Equal(blue, (await host.EndpointAsync()).LiveEnvironmentId);
    }

    [Fact]
    public async Task RollingBack_RefusalIsHeardAfterTheRevert_StillRollsBack()
    {
        await using var host = await SagaHost.StartAsync();
        var blue = (await host.FindAsync(await host.CommitFirstAsync()))!.EnvironmentId;
        var id = await host.PromoteAsync("v2");
        await host.UntilBakingAsync(id);
        await host.PublishAsync((await host.UntilSaidAsync<SwitchTraffic>(id)).Reverted(blue));
        await host.UntilStateAsync(id, "RollingBack");
        await host.PublishAsync(new RevertRefused { DeploymentId = id, Endpoint = SagaHost.Endpoint, Reason = "late" });
        await host.PublishAsync((await host.UntilSaidAsync<QuarantineEnvironment>(id)).Done());
        await host.UntilStateAsync(id, "RolledBack");
    }

    [Fact]
    public async Task Baking_OperatorAsks_RecordsWhoAndWaitsForTheRevert()
    {
        await using var host = await SagaHost.StartAsync();
        await host.CommitFirstAsync();
        var id = await host.PromoteAsync("v2");
        await host.UntilBakingAsync(id);
        await host.PublishAsync(new RollbackRequested
        {
            DeploymentId = id,
            Endpoint = SagaHost.Endpoint,
            Reason = "looks wrong",
            RequestedBy = "ada",
        });
        Assert.Equal("ada: looks wrong", (await host.UntilStateAsync(id, "RollingBack")).Reason);
    }
}
