using BlueGreen.Contracts;
using BlueGreen.Orchestrator.Tests.Deployments.Fixture;
using BlueGreen.Platform.Webhooks;

namespace BlueGreen.Orchestrator.Tests.Deployments;

public sealed class HookTests
{
    [Fact]
    public async Task ConfirmRollout_SaysNotYetThenYes_NothingIsBuiltBefore()
    {
        await using var server = await HookServer.StartAsync();
        server.Answers["confirm-rollout"] = (202, "");
        await using var host = await StartAsync(server, "confirm-rollout");
        var id = await host.PromoteAsync("v1", by: "ada");
        await host.UntilStateAsync(id, "AwaitingApproval");
        await SagaHost.UntilAsync(() => Task.FromResult(server.Calls.Count > 2));
        Assert.Empty(host.Transcript.Of<ProvisionEnvironment>(id));
        Assert.Equal(System.Net.HttpStatusCode.Conflict, (await host.DecideAsync(id, "approve", new { requestedBy = "bob" })).Status);

        server.Answers["confirm-rollout"] = (200, """{"reason":"window is open"}""");
        await host.UntilSaidAsync<ProvisionEnvironment>(id);
        await host.UntilStateAsync(id, "Provisioning");

        Assert.Equal(["hook:confirm-rollout"], await host.HistoryAsync(id, "approved", row => row.Actor));
        var (_, body, raw, headers) = server.Calls.First();
        Assert.Equal(("confirm-rollout", "fraud", "v1"), (
            body.GetProperty("when").GetString(), body.GetProperty("endpoint").GetString(), body.GetProperty("version").GetString()));
        var prefix = $"{headers["X-BlueGreen-Delivery"]}.{headers["X-BlueGreen-Timestamp"]}.";
        Assert.True(WebhookSignature.IsValidHex(HookServer.Secret, prefix, raw, headers["X-BlueGreen-Signature"]["sha256=".Length..]));
        Assert.Single(server.Calls.Select(call => call.Headers["X-BlueGreen-Delivery"]).Distinct());
    }

    [Fact]
    public async Task ConfirmRollout_SaysNo_EndsAsRejectedByTheHook()
    {
        await using var server = await HookServer.StartAsync();
        server.Answers["confirm-rollout"] = (403, """{"reason":"freeze"}""");
        await using var host = await StartAsync(server, "confirm-rollout");
        var id = await host.PromoteAsync("v1");
        await host.PublishAsync((await host.UntilSaidAsync<DecommissionEnvironment>(id)).Done());
        var row = await host.UntilStateAsync(id, "Rejected");
        Assert.Contains("hook:confirm-rollout", row.Reason, StringComparison.Ordinal);
        Assert.Contains("freeze", row.Reason, StringComparison.Ordinal);
        Assert.Empty(host.Transcript.Of<ProvisionEnvironment>(id));
    }

    [Fact]
    public async Task PreRolloutAndConfirmSwitch_BothSayYes_SwitchOnlyWhenPeopleDidToo()
    {
        await using var server = await HookServer.StartAsync();
        await using var host = await SagaHost.StartAsync(policy => policy with
        {
            Promotion = policy.Promotion with { Approvals = 1 },
            Hooks = [server.Hook("confirm-switch"), server.Hook("pre-rollout")],
        }, server.Settings);
        var id = await host.PromoteAsync("v1", by: "ada");
        await host.UntilValidatedAsync(id);
        await SagaHost.UntilAsync(async () => (await host.FindAsync(id))!.Approvals.Count == 2);
        Assert.Equal("AwaitingApproval", (await host.FindAsync(id))!.CurrentState);
        Assert.Equal(["pre-rollout", "confirm-switch"], server.Calls.Select(call => call.Hook));
        await host.DecideAsync(id, "approve", new { requestedBy = "bob" });
        await host.UntilStateAsync(id, "Switching");
    }

    [Fact]
    public async Task PreRollout_NeverAnswers_IsANoAfterItsAttempts()
    {
        await using var server = await HookServer.StartAsync();
        server.Answers["pre-rollout"] = (500, "");
        await using var host = await StartAsync(server, "pre-rollout");
        var id = await host.PromoteAsync("v1");
        await host.UntilValidatedAsync(id);
        await host.PublishAsync((await host.UntilSaidAsync<DecommissionEnvironment>(id)).Done());
        await host.UntilStateAsync(id, "Rejected");
        Assert.Equal(2, server.Calls.Count);
        Assert.Empty(host.Transcript.Of<SwitchTraffic>(id));
    }

    [Theory]
    [InlineData("rollout", 500)]
    [InlineData("rollout", 409)]
    [InlineData("rollback", 200)]
    public async Task HookOfTheBake_WantsTheOldVersionBack_AsksForARollback(string when, int status)
    {
        await using var server = await HookServer.StartAsync();
        server.Answers[when] = when == "rollback" ? (404, "") : (200, "");
        await using var host = await StartAsync(server, when);
        var id = await host.PromoteAsync("v1");
        await host.UntilBakingAsync(id);
        await SagaHost.UntilAsync(() => Task.FromResult(server.Calls.Count > 3));
        Assert.Equal("Baking", (await host.FindAsync(id))!.CurrentState);

        server.Answers[when] = (status, "");
        var asked = await host.UntilSaidAsync<RollbackRequested>(id);

        Assert.Equal($"hook:{when}", asked.RequestedBy);
        await host.UntilStateAsync(id, "RollingBack");
    }

    [Fact]
    public async Task HookOfTheBake_WhenTheBakeIsOver_IsNotAskedAnyMore()
    {
        await using var server = await HookServer.StartAsync();
        await using var host = await StartAsync(server, "rollout");
        var id = await host.PromoteAsync("v1");
        await host.PublishAsync((await host.UntilBakingAsync(id)).Done());
        await host.PublishAsync((await host.UntilSaidAsync<ReleaseStandby>(id)).Done());
        await host.UntilStateAsync(id, "Committed");
        await SagaHost.UntilAsync(async () =>
        {
            var before = server.Calls.Count;
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, TestContext.Current.CancellationToken);
            return server.Calls.Count == before;
        });
        Assert.Empty(host.Transcript.Of<RollbackRequested>(id));
    }

    [Fact]
    public async Task EventAndPostRollout_AreToldOfEveryStateAndTheEnd_AndCannotHoldItUp()
    {
        await using var server = await HookServer.StartAsync();
        server.Answers["event"] = (500, "");
        await using var host = await StartAsync(server, "event", "post-rollout");
        var id = await host.CommitFirstAsync();
        await SagaHost.UntilAsync(() => Task.FromResult(server.Calls.Any(call => call.Hook == "post-rollout")));
        string[] states = ["Provisioning", "Warming", "Validating", "Switching", "Baking", "Releasing", "Committed"];
        await SagaHost.UntilAsync(() => Task.FromResult(states.All(state => server.Calls.Any(
            call => call.Hook == "event" && call.Body.GetProperty("state").GetString() == state))));
        await SagaHost.UntilAsync(async () => (await host.HistoryAsync(id, "note", row => row.Summary)).Count == states.Length);
    }

    [Fact]
    public async Task Hook_OfAnOriginThatIsNotAllowed_IsNeverCalled()
    {
        await using var server = await HookServer.StartAsync();
        await using var host = await SagaHost.StartAsync(policy => policy with { Hooks = [server.Hook("pre-rollout")] });
        var id = await host.PromoteAsync("v1");
        await host.UntilValidatedAsync(id);
        await host.PublishAsync((await host.UntilSaidAsync<DecommissionEnvironment>(id)).Done());
        Assert.Contains("Origins", (await host.UntilStateAsync(id, "Rejected")).Reason, StringComparison.Ordinal);
        Assert.Empty(server.Calls);
    }

    private static Task<SagaHost> StartAsync(HookServer server, params string[] moments) =>
        SagaHost.StartAsync(policy => policy with { Hooks = [.. moments.Select(when => server.Hook(when))] }, server.Settings);
}
