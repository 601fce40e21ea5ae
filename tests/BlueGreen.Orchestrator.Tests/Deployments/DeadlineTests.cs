using BlueGreen.Contracts;
using BlueGreen.Orchestrator.Deployments;
using BlueGreen.Orchestrator.Endpoints;
using BlueGreen.Orchestrator.Policies;
using BlueGreen.Orchestrator.Tests.Deployments.Fixture;

namespace BlueGreen.Orchestrator.Tests.Deployments;

public sealed class DeadlineTests
{
    [Fact]
    public async Task WholeDeployment_TimeIsUpBeforeTheSwitch_TearsDownAndNamesTheDeadline()
    {
        await using var host = await StartAsync();
        var id = await host.PromoteAsync("v1");
        await host.PublishAsync((await host.UntilSaidAsync<ProvisionEnvironment>(id)).Done());
        await host.PublishAsync((await host.UntilSaidAsync<DecommissionEnvironment>(id)).Done());
        var row = await host.UntilStateAsync(id, "Failed");
        Assert.Equal(("Warming", "The deployment's deadline of 3s passed while Warming"), (row.FailedStage, row.Reason));
    }

    [Fact]
    public async Task WholeDeployment_NobodyApproves_TearsDownAndSaysSo()
    {
        await using var host = await StartAsync(approvals: 1);
        var id = await host.PromoteAsync("v1");
        await host.UntilValidatedAsync(id);
        await host.PublishAsync((await host.UntilSaidAsync<DecommissionEnvironment>(id)).Done());
        Assert.StartsWith("Nobody decided", (await host.UntilStateAsync(id, "Failed")).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WholeDeployment_TimeIsUpInTheBake_AsksForTheRevert()
    {
        await using var host = await StartAsync();
        var id = await host.PromoteAsync("v1");
        await host.UntilBakingAsync(id);
        await host.UntilSaidAsync<RollbackRequested>(id);
        Assert.Contains("deadline of 3s", (await host.UntilStateAsync(id, "RollingBack")).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Next_StatesThatFinish_AreNotCutShort()
    {
        var now = TimeProvider.System.GetUtcNow();
        var saga = new Deployment { Plan = Endpoint.Plan(), ExpiresAt = now + TimeSpan.FromSeconds(1) };
        Assert.Equal((TimeSpan.FromSeconds(1), true), StageDeadlines.Next("Warming", saga, now));
        Assert.Equal((TimeSpan.Zero, true), StageDeadlines.Next("Held", saga, now + TimeSpan.FromHours(1)));
        foreach (var finishing in new[] { "Retaining", "Releasing", "Committing", "RollingBack", "TearingDown" })
            Assert.False(StageDeadlines.Next(finishing, saga, now + TimeSpan.FromHours(1)).IsWhole);
    }

    private static EndpointRow Endpoint
    {
        get
        {
            var json = PolicyJson.Write(Fixture.Policies.Quick);
            return new EndpointRow
            {
                Name = SagaHost.Endpoint,
                PolicyText = json,
                PolicyJson = json,
                PolicyHash = "h",
                Revision = 1,
                Path = "/fraud",
                UpdatedAt = default,
            };
        }
    }

    private static Task<SagaHost> StartAsync(int approvals = 0) => SagaHost.StartAsync(policy => policy with
    {
        Deadline = TimeSpan.FromSeconds(3),
        Promotion = policy.Promotion with { Approvals = approvals },
    });
}
