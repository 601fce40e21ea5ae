using System.Net;
using BlueGreen.Contracts;
using BlueGreen.Orchestrator.Tests.Deployments.Fixture;

namespace BlueGreen.Orchestrator.Tests.Deployments;

/// <summary>What was rolled back stays out until an operator lets it in, and an alarm before the switch stops a deployment.</summary>
public sealed class BlockTests
{
    [Fact]
    public async Task Version_RolledBack_CannotBePromotedByTheRegistryUntilItIsCleared()
    {
        await using var host = await SagaHost.StartAsync();
        await RollBackAsync(host, "v2");

        var refused = await host.UntilStateAsync(await host.PromoteAsync("v2"), "Rejected");
        var other = await host.PromoteAsync("v3");
        await host.UntilStateAsync(other, "Provisioning");
        Assert.Contains("is blocked: `bg unblock fraud v2`", refused.Reason, StringComparison.Ordinal);
        Assert.Contains("\"version\":\"v2\"", (await host.AskAsync(HttpMethod.Get, "blocks?endpoint=fraud")).Body, StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await host.AskAsync(HttpMethod.Post, "endpoints/fraud/unblock", new { version = "v2" })).Status);
        var cleared = new { version = "v2", reason = "the data was at fault", requestedBy = "ada" };
        Assert.Equal(HttpStatusCode.OK, (await host.AskAsync(HttpMethod.Post, "endpoints/fraud/unblock", cleared)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await host.AskAsync(HttpMethod.Post, "endpoints/fraud/unblock", cleared)).Status);
        await host.UntilStateAsync(await host.PromoteAsync("v2"), "Queued");
    }

    [Fact]
    public async Task Version_RolledBackWhileItsNextPromotionWaited_IsNotProvisionedAgain()
    {
        await using var host = await SagaHost.StartAsync();
        await host.CommitFirstAsync();
        var id = await host.PromoteAsync("v2");
        await host.UntilBakingAsync(id);
        var waiting = await host.PromoteAsync("v2");
        await host.UntilStateAsync(waiting, "Queued");
        await host.PublishAsync((await host.UntilSaidAsync<SwitchTraffic>(id)).Reverted(null));
        await host.PublishAsync((await host.UntilSaidAsync<QuarantineEnvironment>(id)).Done());

        await host.UntilStateAsync(waiting, "Rejected");
        Assert.Null((await host.EndpointAsync()).HolderDeploymentId);
    }

    [Fact]
    public async Task Alarm_BeforeTheSwitch_StopsTheDeploymentAndBlocksNothing()
    {
        await using var host = await SagaHost.StartAsync();
        await host.CommitFirstAsync();
        var id = await host.PromoteAsync("v2");
        await host.UntilStateAsync(id, "Provisioning");
        await host.PublishAsync(Abort(TimeProvider.System.GetUtcNow()));

        await host.UntilStateAsync(id, "RollingBack");
        Assert.Equal("alarm:generic", Assert.Single(await host.HistoryAsync(id, "aborted", row => row.Actor)));
        Assert.Equal("[]", (await host.AskAsync(HttpMethod.Get, "blocks")).Body);
    }

    [Fact]
    public async Task Alarm_HeardBeforeThePromotion_DoesNotStopTheDeployment()
    {
        await using var host = await SagaHost.StartAsync();
        var early = TimeProvider.System.GetUtcNow() - TimeSpan.FromMinutes(1);
        var id = await host.PromoteAsync("v1");
        await host.UntilStateAsync(id, "Provisioning");
        await host.PublishAsync(Abort(early));
        await host.PublishAsync((await host.UntilSaidAsync<ProvisionEnvironment>(id)).Done());

        await host.UntilStateAsync(id, "Warming");
        Assert.Empty(await host.HistoryAsync(id, "aborted", row => row.Actor));
    }

    [Fact]
    public async Task Alarms_OfNoEndpoint_AreListed()
    {
        await using var host = await SagaHost.StartAsync();
        foreach (var endpoint in (string?[])[null, "fraud"])
        {
            await host.PublishAsync(new AlarmRaised
            {
                AlarmId = Guid.NewGuid(),
                Source = "gcp",
                Name = $"of {endpoint ?? "nobody"}",
                Endpoint = endpoint,
                Decision = "ignored: …",
                ReceivedAt = TimeProvider.System.GetUtcNow(),
                Inputs = new Dictionary<string, string> { ["rule"] = "source=any" },
            });
        }

        await SagaHost.UntilAsync(async () => (await host.AskAsync(HttpMethod.Get, "alarms")).Body.Contains("of fraud", StringComparison.Ordinal), () => "");
        await SagaHost.UntilAsync(async () => (await host.AskAsync(HttpMethod.Get, "alarms?unmatched=true")).Body is var unmatched
            && unmatched.Contains("of nobody", StringComparison.Ordinal) && !unmatched.Contains("of fraud", StringComparison.Ordinal), () => "");
        Assert.Contains("source=any", (await host.AskAsync(HttpMethod.Get, "alarms?endpoint=fraud")).Body, StringComparison.Ordinal);
    }

    private static async Task RollBackAsync(SagaHost host, string version)
    {
        await host.CommitFirstAsync();
        var id = await host.PromoteAsync(version);
        await host.UntilBakingAsync(id);
        await host.PublishAsync((await host.UntilSaidAsync<SwitchTraffic>(id)).Reverted(null));
        await host.PublishAsync((await host.UntilSaidAsync<QuarantineEnvironment>(id)).Done());
        await host.UntilStateAsync(id, "RolledBack");
    }

    private static DeploymentAbortRequested Abort(DateTimeOffset at) =>
        new() { Endpoint = "fraud", Reason = "alarm errors", RequestedBy = "alarm:generic", RaisedAt = at };
}
