using System.Net;
using BlueGreen.Contracts;
using BlueGreen.EnvManager.Drivers.Processes;
using BlueGreen.EnvManager.Environments;
using BlueGreen.EnvManager.Persistence;
using BlueGreen.EnvManager.Tests.Fixture;
using BlueGreen.Platform.Work;
using Microsoft.Extensions.DependencyInjection;

namespace BlueGreen.EnvManager.Tests;

public sealed class ProvisioningTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Provisioning_TwoReplicas_BringsUpAFleetThatAnswers()
    {
        await using var host = await new EnvManagerHost().StartAsync();
        var command = Commands.Provision(host.Artifact());
        await host.PublishAsync(command);

        var provisioned = await host.Outcomes.NextAsync<EnvironmentProvisioned>();

        Assert.Equal(command.EnvironmentId, provisioned.Fleet.EnvironmentId);
        Assert.Equal(EnvironmentFingerprint.Of(command.Template, command.Artifact), provisioned.Fingerprint);
        Assert.Equal([0, 1], provisioned.Fleet.Replicas.Select(replica => replica.Index));
        using var client = new HttpClient();
        foreach (var replica in provisioned.Fleet.Replicas)
        {
            using var answer = await client.GetAsync(new Uri(replica.Address, "v2/models/fraud/ready"), Token);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        var environment = await host.FindAsync(command.EnvironmentId);
        Assert.Equal(EnvironmentState.Running, environment!.State);
        Assert.Equal(environment.CreatedAt + command.UnservedTtl, environment.ExpiresAt);
    }

    [Fact]
    public async Task Provisioning_GivenUp_SaysNothingOfTheEnvironmentSoThatTheDeploymentFaults()
    {
        await using var host = await new EnvManagerHost().StartAsync();
        await using var scope = host.Services.CreateAsyncScope();
        var handler = scope.ServiceProvider.GetRequiredKeyedService<IWorkHandler<ProvisionEnvironment>>(typeof(EnvManagerDbContext));
        Assert.Empty(handler.GiveUp(Commands.Provision(host.Artifact()), "the disk is full").Messages);
    }

    [Fact]
    public async Task Provisioning_ReplicaProcesses_AreTaggedDetachedAndIgnorantOfOurSecrets()
    {
        await using var host = await new EnvManagerHost().StartAsync();
        var command = Commands.Provision(host.Artifact(), replicas: 1);
        await host.PublishAsync(command);
        await host.Outcomes.NextAsync<EnvironmentProvisioned>();

        var id = Assert.Single(await host.ProcessesAsync(command.EnvironmentId));

        var process = ProcessTable.Find(id)!.Value;
        Assert.Equal((id, id), (process.Session, process.Group));
        var variables = ProcessTable.EnvironmentOf(id);
        Assert.Equal(command.EnvironmentId.ToString(), variables["BLUEGREEN_ENVIRONMENT_ID"]);
        Assert.Equal(command.DeploymentId.ToString(), variables["BLUEGREEN_DEPLOYMENT_ID"]);
        Assert.True(DateTimeOffset.TryParse(variables["BLUEGREEN_CREATED_AT"], out _));
        Assert.DoesNotContain(variables.Keys, name => name.StartsWith("BlueGreen__", StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(
            Directory.GetFiles($"/proc/{id}/fd").Take(3).Select(path => File.ResolveLinkTarget(path, false)!.Name),
            target => target.StartsWith("pipe:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Provisioning_ArtifactIsNotTheOnePromoted_FailsForGoodNamingBothDigests()
    {
        await using var host = await new EnvManagerHost().StartAsync();
        var artifact = host.Artifact();
        await File.WriteAllTextAsync(artifact.Uri.LocalPath, "another model", Token);
        await host.PublishAsync(Commands.Provision(artifact));

        var failed = await host.Outcomes.NextAsync<ProvisioningFailed>();

        Assert.False(failed.Retryable);
        Assert.Contains(artifact.Sha256, failed.Reason);
        Assert.Empty(Directory.GetFiles(Path.Combine(host.DataDirectory, "artifacts"), "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Provisioning_NoSuchArtifact_FailsForGoodNamingTheFile()
    {
        await using var host = await new EnvManagerHost().StartAsync();
        var artifact = host.Artifact();
        File.Delete(artifact.Uri.LocalPath);
        await host.PublishAsync(Commands.Provision(artifact));

        var failed = await host.Outcomes.NextAsync<ProvisioningFailed>();

        Assert.False(failed.Retryable);
        Assert.Contains(artifact.Uri.LocalPath, failed.Reason);
    }

    [Fact]
    public async Task Provisioning_ServerEndsAtOnce_FailsWithItsLastWords()
    {
        await using var host = await new EnvManagerHost().StartAsync();
        var command = Commands.Provision(host.Artifact(), 2, "--exit", "the model needs a feature nobody has");
        await host.PublishAsync(command);

        var failed = await host.Outcomes.NextAsync<ProvisioningFailed>();

        Assert.True(failed.Retryable);
        Assert.Contains("the model needs a feature nobody has", failed.Reason);
        Assert.Equal(EnvironmentState.Failed, (await host.FindAsync(command.EnvironmentId))!.State);
    }

    [Fact]
    public async Task Provisioning_NoSuchProgram_FailsSayingSo()
    {
        await using var host = await new EnvManagerHost().StartAsync();
        var command = Commands.Provision(host.Artifact(), 1);
        await host.PublishAsync(command with { Template = command.Template with { Command = ["no-such-program"] } });

        Assert.Contains("no-such-program", (await host.Outcomes.NextAsync<ProvisioningFailed>()).Reason);
    }

    [Theory]
    [InlineData("docker", 1, "docker")]
    [InlineData("process", 0, "at least one replica")]
    public async Task Provisioning_TemplateThatCannotWork_FailsForGood(string driver, int replicas, string reason)
    {
        await using var host = await new EnvManagerHost().StartAsync();
        var command = Commands.Provision(host.Artifact());
        await host.PublishAsync(command with { Template = command.Template with { Driver = driver, Replicas = replicas } });

        var failed = await host.Outcomes.NextAsync<ProvisioningFailed>();

        Assert.False(failed.Retryable);
        Assert.Contains(reason, failed.Reason);
    }

    [Fact]
    public async Task Provisioning_SameCommandTwice_MakesNoSecondFleet()
    {
        await using var host = await new EnvManagerHost().StartAsync();
        var command = Commands.Provision(host.Artifact());
        await host.PublishAsync(command);
        await host.PublishAsync(command);
        await host.Outcomes.NextAsync<EnvironmentProvisioned>();
        var first = await host.ProcessesAsync(command.EnvironmentId);

        await host.PublishAsync(command with { Attempt = 2 });
        await host.Outcomes.NextAsync<EnvironmentProvisioned>(outcome => outcome.Attempt == 2);

        Assert.Equal(2, first.Count);
        Assert.Equal(first, await host.ProcessesAsync(command.EnvironmentId));
        Assert.Single(host.Outcomes.All<EnvironmentProvisioned>(), outcome => outcome.Attempt == 1);
    }

    [Fact]
    public async Task Provisioning_SecondAttemptAfterAReplicaDied_ReplacesTheDeadAndKeepsTheLiving()
    {
        await using var host = await new EnvManagerHost().StartAsync();
        var command = Commands.Provision(host.Artifact());
        await host.PublishAsync(command);
        await host.Outcomes.NextAsync<EnvironmentProvisioned>();
        var before = await host.ProcessesAsync(command.EnvironmentId);
        Signals.Send(before[1], Signals.Kill);
        await Eventually.BecomesTrueAsync(() => ProcessTable.Find(before[1]) is null);

        await host.PublishAsync(command with { Attempt = 2 });
        await host.Outcomes.NextAsync<EnvironmentProvisioned>(outcome => outcome.Attempt == 2);

        var after = await host.ProcessesAsync(command.EnvironmentId);
        Assert.Equal(before[0], after[0]);
        Assert.NotEqual(before[1], after[1]);
    }

    [Fact]
    public async Task Provisioning_SecondAttemptWithAnotherTemplate_ReplacesWhatDoesNotMatch()
    {
        await using var host = await new EnvManagerHost().StartAsync();
        var command = Commands.Provision(host.Artifact());
        await host.PublishAsync(command);
        await host.Outcomes.NextAsync<EnvironmentProvisioned>();
        var before = await host.ProcessesAsync(command.EnvironmentId);

        await host.PublishAsync(command with { Attempt = 2, Artifact = host.Artifact("a newer model") });
        await host.Outcomes.NextAsync<EnvironmentProvisioned>(outcome => outcome.Attempt == 2);

        Assert.Empty(before.Intersect(await host.ProcessesAsync(command.EnvironmentId)));
    }

    [Fact]
    public async Task Provisioning_HostStopsBetweenSpawnAndOutcome_TheNextOneConvergesOnTheSameProcesses()
    {
        await using var host = await new EnvManagerHost().StartAsync();
        var flag = Path.Combine(host.Folder, "go");
        var command = Commands.Provision(host.Artifact(), 2, "--ready-when", flag);
        await host.PublishAsync(command);
        await Eventually.BecomesTrueAsync(async () => (await host.ProcessesAsync(command.EnvironmentId)).Count == 2);
        var before = await host.ProcessesAsync(command.EnvironmentId);
        await host.StopAsync();
        Assert.Empty(host.Outcomes.All<EnvironmentProvisioned>());

        await File.WriteAllTextAsync(flag, "", Token);
        await host.StartAsync();
        await host.Outcomes.NextAsync<EnvironmentProvisioned>();

        Assert.Equal(before, await host.ProcessesAsync(command.EnvironmentId));
    }
}
