using BlueGreen.Contracts;
using BlueGreen.Orchestrator.Tests.Deployments.Fixture;

namespace BlueGreen.Orchestrator.Tests.Deployments;

public sealed class BusyTests
{
    [Fact]
    public async Task Supersede_HolderHasNotReachedItsSwitch_MakesRoomAndTheNewerOneIsGrantedTheSlot()
    {
        await using var host = await StartAsync("supersede");
        var old = await host.PromoteAsync("v1");
        await host.PublishAsync((await host.UntilSaidAsync<ProvisionEnvironment>(old)).Done());
        await host.UntilStateAsync(old, "Warming");
        var newer = await host.PromoteAsync("v2");
        await host.PublishAsync((await host.UntilSaidAsync<DecommissionEnvironment>(old)).Done());
        var row = await host.UntilStateAsync(old, "Superseded");
        Assert.Equal(newer, row.SupersededBy);
        await host.UntilSaidAsync<ProvisionEnvironment>(newer);
        Assert.Equal(newer, (await host.EndpointAsync()).HolderDeploymentId);
    }

    [Fact]
    public async Task Supersede_HolderIsBaking_WaitsAndThenNothingIsRetained()
    {
        await using var host = await StartAsync("supersede", retention: TimeSpan.FromHours(1));
        await host.CommitFirstAsync();
        var old = await host.PromoteAsync("v2");
        var bake = await host.UntilBakingAsync(old);
        var newer = await host.PromoteAsync("v3");
        await SagaHost.UntilAsync(async () => (await host.FindAsync(old))!.OvertakenBy == newer);
        Assert.Equal("Baking", (await host.FindAsync(old))!.CurrentState);
        await host.PublishAsync(bake.Done());
        await host.UntilSaidAsync<ReleaseStandby>(old);
        Assert.Equal("Queued", (await host.FindAsync(newer))!.CurrentState);
    }

    [Fact]
    public async Task Supersede_TheNewerOneIsCancelledMeanwhile_BlueIsRetainedAfterAll()
    {
        await using var host = await StartAsync("supersede", retention: TimeSpan.FromHours(1));
        await host.CommitFirstAsync();
        var old = await host.PromoteAsync("v2");
        var bake = await host.UntilBakingAsync(old);
        var newer = await host.PromoteAsync("v3");
        await SagaHost.UntilAsync(async () => (await host.FindAsync(old))!.OvertakenBy == newer);
        await host.DecideAsync(newer, "cancel", new { requestedBy = "bob", reason = "not this one" });
        await host.UntilStateAsync(newer, "Cancelled");
        await host.PublishAsync(bake.Done());
        await host.UntilStateAsync(old, "Retaining");
    }

    [Fact]
    public async Task Supersede_HolderIsRetaining_CommitsItNow()
    {
        await using var host = await StartAsync("supersede", retention: TimeSpan.FromHours(1));
        await host.CommitFirstAsync();
        var old = await host.PromoteAsync("v2");
        await host.PublishAsync((await host.UntilBakingAsync(old)).Done());
        await host.UntilStateAsync(old, "Retaining");
        var newer = await host.PromoteAsync("v3");
        await host.PublishAsync((await host.UntilSaidAsync<ReleaseStandby>(old)).Done());
        await host.PublishAsync((await host.UntilSaidAsync<DecommissionEnvironment>(old)).Done());
        await host.UntilStateAsync(old, "Committed");
        await host.UntilSaidAsync<ProvisionEnvironment>(newer);
    }

    [Fact]
    public async Task Supersede_PromotionIsOlderThanTheHolder_IsItselfSuperseded()
    {
        await using var host = await StartAsync("supersede");
        var holder = await host.PromoteAsync("v2");
        await host.UntilSaidAsync<ProvisionEnvironment>(holder);
        var late = await host.PromoteAsync("v1", TimeProvider.System.GetUtcNow() - TimeSpan.FromMinutes(1));
        Assert.Equal(holder, (await host.UntilStateAsync(late, "Superseded")).SupersededBy);
        Assert.Equal("Provisioning", (await host.FindAsync(holder))!.CurrentState);
    }

    [Fact]
    public async Task Refuse_WhileBusy_EndsAsRejectedWithTheReasonAndTheHolderGoesOn()
    {
        await using var host = await StartAsync("refuse");
        var holder = await host.PromoteAsync("v1");
        await host.UntilSaidAsync<ProvisionEnvironment>(holder);
        var refused = await host.PromoteAsync("v2");
        Assert.Contains(holder.ToString(), (await host.UntilStateAsync(refused, "Rejected")).Reason, StringComparison.Ordinal);
        Assert.Contains(holder.ToString(), Assert.Single(await host.HistoryAsync(refused, "ended", row => row.Summary)), StringComparison.Ordinal);
        Assert.Equal("Provisioning", (await host.FindAsync(holder))!.CurrentState);
        Assert.Null((await host.EndpointAsync()).WaitingDeploymentId);
    }

    private static Task<SagaHost> StartAsync(string whenBusy, TimeSpan? retention = null) => SagaHost.StartAsync(policy => policy with
    {
        Promotion = policy.Promotion with { WhenBusy = whenBusy },
        Bake = policy.Bake with { Retention = retention ?? policy.Bake.Retention },
    });
}
