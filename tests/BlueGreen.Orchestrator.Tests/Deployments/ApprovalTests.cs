using System.Net;
using BlueGreen.Contracts;
using BlueGreen.Orchestrator.Tests.Deployments.Fixture;

namespace BlueGreen.Orchestrator.Tests.Deployments;

public sealed class ApprovalTests
{
    [Fact]
    public async Task AwaitingApproval_EnoughPeopleApprove_SwitchesAndTheHistoryNamesThem()
    {
        await using var host = await StartAsync(approvals: 2, fourEyes: true);
        var id = await UntilAwaitingAsync(host, by: "ada");
        Assert.Equal(HttpStatusCode.Conflict, (await host.DecideAsync(id, "approve", new { requestedBy = "Ada" })).Status);
        Assert.Equal(HttpStatusCode.Accepted, (await host.DecideAsync(id, "approve", new { requestedBy = "bob" })).Status);
        await SagaHost.UntilAsync(async () => (await host.FindAsync(id))!.Approvals.Count == 1);
        Assert.Equal(HttpStatusCode.Accepted, (await host.DecideAsync(id, "approve", new { requestedBy = "bob " })).Status);
        Assert.Equal("AwaitingApproval", (await host.FindAsync(id))!.CurrentState);
        Assert.Empty(host.Transcript.Of<SwitchTraffic>(id));
        await host.DecideAsync(id, "approve", new { requestedBy = "eve", reason = "seen the gates" });
        await host.UntilSaidAsync<SwitchTraffic>(id);
        var row = await host.UntilStateAsync(id, "Switching");
        Assert.Equal(["bob", "eve"], row.Approvals.Select(approval => approval.By));
        Assert.Equal(HttpStatusCode.Accepted, (await host.DecideAsync(id, "approve", new { requestedBy = "eve" })).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await host.DecideAsync(id, "approve", new { requestedBy = "tom" })).Status);
        Assert.Equal(["bob", "eve"], await ActorsAsync(host, id, "approved"));
    }

    [Fact]
    public async Task FourEyes_PromoterIsNotKnown_TwoPeopleMustApprove()
    {
        await using var host = await StartAsync(approvals: 1, fourEyes: true);
        var id = await UntilAwaitingAsync(host, by: null);
        await host.DecideAsync(id, "approve", new { requestedBy = "bob" });
        await SagaHost.UntilAsync(async () => (await host.FindAsync(id))!.Approvals.Count == 1);
        Assert.Equal("AwaitingApproval", (await host.FindAsync(id))!.CurrentState);
        await host.DecideAsync(id, "approve", new { requestedBy = "eve" });
        await host.UntilStateAsync(id, "Switching");
    }

    [Fact]
    public async Task AwaitingApproval_ApprovalIsAboutAnotherEnvironmentOrFingerprint_DoesNotSwitch()
    {
        await using var host = await StartAsync(approvals: 1);
        var id = await UntilAwaitingAsync(host, by: "ada");
        var row = (await host.FindAsync(id))!;
        var approval = new DeploymentApproved
        {
            DeploymentId = id,
            State = "AwaitingApproval",
            EnvironmentId = row.EnvironmentId,
            Fingerprint = row.Fingerprint!,
            ApprovedBy = "bob",
            ApprovedAt = TimeProvider.System.GetUtcNow(),
        };
        await host.PublishAsync(approval with { EnvironmentId = Guid.NewGuid() });
        await host.PublishAsync(approval with { Fingerprint = "another" });
        await host.PublishAsync(approval with { State = "Held" });
        Assert.Equal(
            HttpStatusCode.Conflict, (await host.DecideAsync(id, "approve", new { requestedBy = "bob", fingerprint = "another" })).Status);
        await host.PublishAsync(approval with { ApprovedBy = "eve" });
        await host.UntilStateAsync(id, "Switching");
        Assert.Equal(["eve"], (await host.FindAsync(id))!.Approvals.Select(given => given.By));
    }

    [Fact]
    public async Task AwaitingApproval_Rejected_TearsDownAndEndsAsRejected()
    {
        await using var host = await StartAsync(approvals: 1);
        var id = await UntilAwaitingAsync(host, by: "ada");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await host.DecideAsync(id, "reject", new { requestedBy = "bob" })).Status);
        Assert.Equal(
            HttpStatusCode.Accepted, (await host.DecideAsync(id, "reject", new { requestedBy = "bob", reason = "bad recall" })).Status);
        await host.PublishAsync((await host.UntilSaidAsync<DecommissionEnvironment>(id)).Done());
        var row = await host.UntilStateAsync(id, "Rejected");
        Assert.Equal("bob: bad recall", row.Reason);
        Assert.Empty(host.Transcript.Of<SwitchTraffic>(id));
        Assert.Null((await host.EndpointAsync()).HolderDeploymentId);
        Assert.Equal(["bob"], await ActorsAsync(host, id, "rejected"));
        Assert.Equal(
            HttpStatusCode.Accepted, (await host.DecideAsync(id, "reject", new { requestedBy = "bob", reason = "bad recall" })).Status);
    }

    [Fact]
    public async Task Warming_NothingToApproveOrReject_IsAConflict()
    {
        await using var host = await StartAsync(approvals: 1);
        var id = await host.PromoteAsync("v1");
        await host.UntilStateAsync(id, "Provisioning");
        var (status, body) = await host.DecideAsync(id, "approve", new { requestedBy = "bob" });
        Assert.Equal(HttpStatusCode.Conflict, status);
        Assert.Contains("Provisioning", body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Conflict, (await host.DecideAsync(id, "reject", new { requestedBy = "bob", reason = "x" })).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await host.DecideAsync(Guid.NewGuid(), "approve", new { requestedBy = "bob" })).Status);
    }

    [Fact]
    public async Task Held_OperatorApproves_RetainsAndTheOverrideHasANameAndAReason()
    {
        await using var host = await SagaHost.StartAsync(
            policy => policy with { Bake = policy.Bake with { Retention = TimeSpan.FromHours(1) } });
        await host.CommitFirstAsync();
        var id = await host.PromoteAsync("v2");
        await host.PublishAsync((await host.UntilBakingAsync(id)).Inconclusive());
        await host.UntilStateAsync(id, "Held");
        Assert.Equal(HttpStatusCode.Conflict, (await host.DecideAsync(id, "reject", new { requestedBy = "bob", reason = "x" })).Status);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await host.DecideAsync(id, "approve", new { requestedBy = "bob" })).Status);
        await host.DecideAsync(id, "approve", new { requestedBy = "bob", reason = "quiet night" });
        var row = await host.UntilStateAsync(id, "Retaining");
        var approval = Assert.Single(row.Approvals);
        Assert.Equal(("bob", "Held", "quiet night"), (approval.By, approval.State, approval.Reason));
        Assert.Equal(["bob"], await ActorsAsync(host, id, "approved"));
    }

    private static Task<SagaHost> StartAsync(int approvals, bool fourEyes = false) => SagaHost.StartAsync(
        policy => policy with { Promotion = policy.Promotion with { Approvals = approvals, FourEyes = fourEyes } });

    private static async Task<Guid> UntilAwaitingAsync(SagaHost host, string? by)
    {
        var id = await host.PromoteAsync("v1", by: by);
        await host.UntilValidatedAsync(id);
        await host.UntilStateAsync(id, "AwaitingApproval");
        return id;
    }

    private static Task<List<string?>> ActorsAsync(SagaHost host, Guid id, string kind) => host.HistoryAsync(id, kind, row => row.Actor);
}
