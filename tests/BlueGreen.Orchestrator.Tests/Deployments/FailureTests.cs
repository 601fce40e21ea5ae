using BlueGreen.Contracts;
using BlueGreen.Orchestrator.Tests.Deployments.Fixture;

namespace BlueGreen.Orchestrator.Tests.Deployments;

public sealed class FailureTests
{
    [Fact]
    public async Task Validating_AGateFails_TearsGreenDownAndNeverAsksForTheSwitch()
    {
        await using var host = await SagaHost.StartAsync();
        var id = await host.PromoteAsync("v1");
        await host.PublishAsync((await host.UntilSaidAsync<ProvisionEnvironment>(id)).Done());
        await host.PublishAsync((await host.UntilSaidAsync<WarmEnvironment>(id)).Done());
        await host.PublishAsync((await host.UntilSaidAsync<ValidateEnvironment>(id)).Failed());
        await host.PublishAsync((await host.UntilSaidAsync<DecommissionEnvironment>(id)).Done());
        var row = await host.UntilStateAsync(id, "Failed");
        Assert.Equal(("Validating", "health"), (row.FailedStage, row.Reason));
        Assert.Empty(host.Transcript.Of<SwitchTraffic>(id));
        Assert.Null((await host.EndpointAsync()).HolderDeploymentId);
    }

    [Fact]
    public async Task Validating_VerdictSaysPassedButAGateIsInconclusive_DoesNotSwitch()
    {
        await using var host = await SagaHost.StartAsync();
        var id = await host.PromoteAsync("v1");
        await host.PublishAsync((await host.UntilSaidAsync<ProvisionEnvironment>(id)).Done());
        await host.PublishAsync((await host.UntilSaidAsync<WarmEnvironment>(id)).Done());
        await host.PublishAsync((await host.UntilSaidAsync<ValidateEnvironment>(id)).Done(Verdict.Inconclusive));
        await host.UntilStateAsync(id, "TearingDown");
        Assert.Empty(host.Transcript.Of<SwitchTraffic>(id));
    }

    [Theory]
    [InlineData("environment")]
    [InlineData("fingerprint")]
    [InlineData("missing gate")]
    public async Task Validating_VerdictIsAboutSomethingElse_DoesNotSwitch(string what)
    {
        await using var host = await SagaHost.StartAsync();
        var id = await host.PromoteAsync("v1");
        await host.PublishAsync((await host.UntilSaidAsync<ProvisionEnvironment>(id)).Done());
        await host.PublishAsync((await host.UntilSaidAsync<WarmEnvironment>(id)).Done());
        var verdict = (await host.UntilSaidAsync<ValidateEnvironment>(id)).Done();
        await host.PublishAsync(what switch
        {
            "environment" => verdict with { EnvironmentId = Guid.NewGuid() },
            "fingerprint" => verdict with { Fingerprint = "another" },
            _ => verdict with { Gates = [verdict.Gates[0] with { Gate = "latency-p99" }] },
        });
        await host.UntilStateAsync(id, "TearingDown");
        Assert.Empty(host.Transcript.Of<SwitchTraffic>(id));
    }

    [Fact]
    public async Task Warming_CommandCannotBeHandled_FaultsAndIsNotTakenForAnotherAttempts()
    {
        await using var host = await SagaHost.StartAsync();
        var id = await host.PromoteAsync("v1");
        await host.PublishAsync((await host.UntilSaidAsync<ProvisionEnvironment>(id)).Done());
        var warm = await host.UntilSaidAsync<WarmEnvironment>(id);
        await host.FaultAsync(warm with { Attempt = 7 });
        await host.FaultAsync(warm);
        var row = await host.UntilStateAsync(id, "Faulted");
        Assert.Contains("WarmEnvironment", row.Reason, StringComparison.Ordinal);
        Assert.Single(row.Stages, stage => stage.Stage == "Warming");
        Assert.Empty(host.Transcript.Of<SwitchTraffic>(id));
    }

    [Fact]
    public async Task Provisioning_RetryableFailure_TriesAgainOnTheSameEnvironmentThenGivesUp()
    {
        await using var host = await SagaHost.StartAsync();
        var id = await host.PromoteAsync("v1");
        var first = await host.UntilSaidAsync<ProvisionEnvironment>(id);
        await host.PublishAsync(first.Failed(retryable: true));
        var second = await host.UntilSaidAsync<ProvisionEnvironment>(id, attempt: 2);
        Assert.Equal(first.EnvironmentId, second.EnvironmentId);
        // The first attempt's late success must not be taken for the second's.
        await host.PublishAsync(first.Done());
        await host.PublishAsync(second.Failed(retryable: true));
        await host.UntilStateAsync(id, "TearingDown");
        Assert.Empty(host.Transcript.Of<WarmEnvironment>(id));
    }

    [Fact]
    public async Task Provisioning_ArtifactIsWrong_IsNotTriedAgain()
    {
        await using var host = await SagaHost.StartAsync();
        var id = await host.PromoteAsync("v1");
        await host.PublishAsync((await host.UntilSaidAsync<ProvisionEnvironment>(id)).Failed(retryable: false));
        await host.UntilStateAsync(id, "TearingDown");
        Assert.Single(host.Transcript.Of<ProvisionEnvironment>(id));
    }

    [Fact]
    public async Task Provisioning_DeadlinePasses_TriesAgainThenFails()
    {
        await using var host = await SagaHost.StartAsync(
            policy => policy with { Provision = policy.Provision with { Deadline = TimeSpan.FromMilliseconds(300) } });
        var id = await host.PromoteAsync("v1");
        await host.UntilSaidAsync<ProvisionEnvironment>(id, attempt: 2);
        await host.UntilStateAsync(id, "TearingDown");
    }

    [Fact]
    public async Task Switching_RouterRefuses_TearsGreenDown()
    {
        await using var host = await SagaHost.StartAsync();
        var id = await host.PromoteAsync("v1");
        await host.PublishAsync((await host.UntilSaidAsync<ProvisionEnvironment>(id)).Done());
        await host.PublishAsync((await host.UntilSaidAsync<WarmEnvironment>(id)).Done());
        await host.PublishAsync((await host.UntilSaidAsync<ValidateEnvironment>(id)).Done());
        await host.PublishAsync((await host.UntilSaidAsync<SwitchTraffic>(id)).Failed());
        await host.PublishAsync((await host.UntilSaidAsync<DecommissionEnvironment>(id)).Done());
        Assert.Equal("the epoch moved", (await host.UntilStateAsync(id, "Failed")).Reason);
    }

    [Fact]
    public async Task Promotion_UnknownEndpoint_FailsWithTheReason()
    {
        await using var host = await SagaHost.StartAsync();
        var id = Guid.NewGuid();
        await host.PublishAsync(new ModelPromoted
        {
            DeploymentId = id,
            Endpoint = "nowhere",
            Model = "m",
            Version = "1",
            Artifact = new ArtifactReference { Uri = new Uri("file:///m.zip"), Sha256 = new string('a', 64) },
            Source = "generic",
            PromotedAt = TimeProvider.System.GetUtcNow(),
        });
        Assert.Contains("nowhere", (await host.UntilStateAsync(id, "Failed")).Reason, StringComparison.Ordinal);
    }
}
