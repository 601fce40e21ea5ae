using System.Net;
using BlueGreen.Contracts;
using BlueGreen.Orchestrator.Tests.Deployments.Fixture;

namespace BlueGreen.Orchestrator.Tests.Deployments;

public sealed class CancelTests
{
    private static readonly object Body = new { requestedBy = "bob", reason = "wrong model" };

    [Fact]
    public async Task Queued_Cancelled_EndsAtOnceAndTheHolderGoesOn()
    {
        await using var host = await SagaHost.StartAsync();
        var holder = await host.PromoteAsync("v1");
        await host.UntilSaidAsync<ProvisionEnvironment>(holder);
        var id = await host.PromoteAsync("v2");
        await host.UntilStateAsync(id, "Queued");
        Assert.Equal(HttpStatusCode.Accepted, (await host.DecideAsync(id, "cancel", Body)).Status);
        Assert.Equal("bob: wrong model", (await host.UntilStateAsync(id, "Cancelled")).Reason);
        var endpoint = await host.EndpointAsync();
        Assert.Equal((holder, null), (endpoint.HolderDeploymentId, endpoint.WaitingDeploymentId));
    }

    [Fact]
    public async Task Warming_Cancelled_TearsDownGrantsTheSlotAndIsRepeatable()
    {
        await using var host = await SagaHost.StartAsync();
        var id = await host.PromoteAsync("v1");
        await host.PublishAsync((await host.UntilSaidAsync<ProvisionEnvironment>(id)).Done());
        var warm = await host.UntilSaidAsync<WarmEnvironment>(id);
        var next = await host.PromoteAsync("v2");
        await host.DecideAsync(id, "cancel", Body);
        var decommission = await host.UntilSaidAsync<DecommissionEnvironment>(id);
        await host.PublishAsync(warm.Done());
        Assert.Equal(HttpStatusCode.Accepted, (await host.DecideAsync(id, "cancel", Body)).Status);
        await host.PublishAsync(decommission.Done());
        await host.UntilStateAsync(id, "Cancelled");
        await host.UntilSaidAsync<ProvisionEnvironment>(next);
        Assert.Empty(host.Transcript.Of<ValidateEnvironment>(id));
        Assert.Equal(HttpStatusCode.Accepted, (await host.DecideAsync(id, "cancel", Body)).Status);
    }

    [Fact]
    public async Task Switching_Cancelled_AsksForTheVetoAndALateReceiptDoesNotBake()
    {
        await using var host = await SagaHost.StartAsync();
        var blue = (await host.FindAsync(await host.CommitFirstAsync()))!.EnvironmentId;
        var id = await host.PromoteAsync("v2");
        await host.UntilValidatedAsync(id);
        var order = await host.UntilSaidAsync<SwitchTraffic>(id);
        await host.DecideAsync(id, "cancel", Body);
        await host.UntilSaidAsync<RollbackRequested>(id);
        await host.UntilStateAsync(id, "RollingBack");
        await host.PublishAsync(order.Done());
        await host.PublishAsync(order.Reverted(blue));
        await host.PublishAsync((await host.UntilSaidAsync<QuarantineEnvironment>(id)).Done());
        Assert.Equal("bob: wrong model", (await host.UntilStateAsync(id, "RolledBack")).Reason);
        Assert.Equal(blue, (await host.EndpointAsync()).LiveEnvironmentId);
        Assert.Empty(host.Transcript.Of<BeginBaking>(id));
        Assert.Empty(host.Transcript.Of<DecommissionEnvironment>(id));
    }

    [Fact]
    public async Task Retaining_Cancelled_IsARollback()
    {
        await using var host = await SagaHost.StartAsync(
            policy => policy with { Bake = policy.Bake with { Retention = TimeSpan.FromHours(1) } });
        await host.CommitFirstAsync();
        var id = await host.PromoteAsync("v2");
        await host.PublishAsync((await host.UntilBakingAsync(id)).Done());
        await host.UntilStateAsync(id, "Retaining");
        await host.DecideAsync(id, "cancel", Body);
        await host.UntilStateAsync(id, "RollingBack");
        await host.UntilSaidAsync<RollbackRequested>(id);
    }

    [Fact]
    public async Task Releasing_CancelIsTooLate_IsAConflictThatSaysSo()
    {
        await using var host = await SagaHost.StartAsync();
        var id = await host.PromoteAsync("v1");
        await host.PublishAsync((await host.UntilBakingAsync(id)).Done());
        await host.UntilStateAsync(id, "Releasing");
        var (status, body) = await host.DecideAsync(id, "cancel", Body);
        Assert.Equal(HttpStatusCode.Conflict, status);
        Assert.Contains("the way back is given up", body, StringComparison.Ordinal);
    }
}
