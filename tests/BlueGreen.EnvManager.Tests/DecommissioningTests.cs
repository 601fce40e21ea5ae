using BlueGreen.Contracts;
using BlueGreen.EnvManager.Environments;
using BlueGreen.EnvManager.Tests.Fixture;

namespace BlueGreen.EnvManager.Tests;

public sealed class DecommissioningTests
{
    [Fact]
    public async Task Decommissioning_RunningFleetWithChildren_LeavesNoProcess()
    {
        await using var host = await new EnvManagerHost().StartAsync();
        var command = await host.ProvisionAsync(2, "--child");
        var stopper = host.Stopper;
        Assert.Equal(4, stopper.FamilyOf(command.EnvironmentId, null).Count);

        await host.PublishAsync(Commands.Decommission(command));
        var done = await host.Outcomes.NextAsync<EnvironmentDecommissioned>();

        Assert.Equal(command.EnvironmentId, done.EnvironmentId);
        Assert.Empty(stopper.FamilyOf(command.EnvironmentId, null));
        var environment = await host.FindAsync(command.EnvironmentId);
        Assert.Equal(EnvironmentState.Decommissioned, environment!.State);
        Assert.NotNull(environment.EndedAt);
        Assert.Null(environment.ExpiresAt);
    }

    [Fact]
    public async Task Decommissioning_ServerIgnoresSigterm_IsKilledAfterTheGrace()
    {
        await using var host = await new EnvManagerHost(new() { ["BlueGreen:EnvManager:StopGrace"] = "00:00:00.200" }).StartAsync();
        var command = await host.ProvisionAsync(1, "--stubborn");

        await host.PublishAsync(Commands.Decommission(command));
        await host.Outcomes.NextAsync<EnvironmentDecommissioned>();

        Assert.Empty(host.Stopper.FamilyOf(command.EnvironmentId, null));
    }

    [Fact]
    public async Task Decommissioning_UnknownEnvironment_IsAnsweredAndALateProvisionBuildsNothing()
    {
        await using var host = await new EnvManagerHost().StartAsync();
        var command = Commands.Provision(host.Artifact());
        await host.PublishAsync(Commands.Decommission(command));
        await host.Outcomes.NextAsync<EnvironmentDecommissioned>();

        await host.PublishAsync(command);
        var failed = await host.Outcomes.NextAsync<ProvisioningFailed>();

        Assert.False(failed.Retryable);
        Assert.Empty(await host.ProcessesAsync(command.EnvironmentId));
    }

    [Fact]
    public async Task Decommissioning_AskedTwice_IsAnsweredTwice()
    {
        await using var host = await new EnvManagerHost().StartAsync();
        var command = await host.ProvisionAsync(1);
        await host.PublishAsync(Commands.Decommission(command));
        await host.Outcomes.NextAsync<EnvironmentDecommissioned>();

        await host.PublishAsync(Commands.Decommission(command, attempt: 2));

        await host.Outcomes.NextAsync<EnvironmentDecommissioned>(outcome => outcome.Attempt == 2);
    }

    [Fact]
    public async Task Decommissioning_WhileItIsBeingProvisioned_EndsWithNothingRunning()
    {
        await using var host = await new EnvManagerHost().StartAsync();
        var command = Commands.Provision(host.Artifact(), 2, "--ready-when", Path.Combine(host.Folder, "never"));
        await host.PublishAsync(command);
        await Eventually.BecomesTrueAsync(async () => (await host.ProcessesAsync(command.EnvironmentId)).Count == 2);

        await host.PublishAsync(Commands.Decommission(command));
        await host.Outcomes.NextAsync<EnvironmentDecommissioned>();

        Assert.Empty(await host.ProcessesAsync(command.EnvironmentId));
        Assert.Empty(host.Outcomes.All<EnvironmentProvisioned>());
        Assert.Equal(EnvironmentState.Decommissioned, (await host.FindAsync(command.EnvironmentId))!.State);
    }

    [Theory]
    [InlineData(true, "live")]
    [InlineData(false, "standby")]
    public async Task Decommissioning_RouteNamesTheEnvironment_IsRefusedAndNothingIsTouched(bool live, string role)
    {
        await using var host = await new EnvManagerHost().StartAsync();
        var command = await host.ProvisionAsync(1);
        var other = Commands.Provision(host.Artifact());
        await host.PublishAsync(live ? Commands.Switched(command, 1) : Commands.Switched(other, 1, command.EnvironmentId));
        await host.BecomesAsync(command, live ? EnvironmentRole.Live : EnvironmentRole.Standby);
        var before = await host.ProcessesAsync(command.EnvironmentId);

        await host.PublishAsync(Commands.Decommission(command));
        var refused = await host.Outcomes.NextAsync<DecommissioningFailed>();

        Assert.Contains(role, refused.Reason);
        Assert.Equal(before, await host.ProcessesAsync(command.EnvironmentId));
        Assert.Equal(EnvironmentState.Running, (await host.FindAsync(command.EnvironmentId))!.State);
    }

    [Fact]
    public async Task Decommissioning_OvertakesTheNewsOfTheRelease_WaitsForIt()
    {
        await using var host = await new EnvManagerHost(new() { ["BlueGreen:EnvManager:ReferenceSettleTime"] = "00:01:00" }).StartAsync();
        var blue = await host.ProvisionAsync(1);
        var green = Commands.Provision(host.Artifact());
        await host.PublishAsync(Commands.Switched(green, 2, blue.EnvironmentId));
        await host.BecomesAsync(blue, EnvironmentRole.Standby);

        await host.PublishAsync(Commands.Decommission(blue));
        await host.PublishAsync(Commands.Released(green, 3, blue.EnvironmentId));

        await host.Outcomes.NextAsync<EnvironmentDecommissioned>();
        Assert.Empty(host.Outcomes.All<DecommissioningFailed>());
    }

    [Fact]
    public async Task Decommissioning_OldBlueAskedForByTwoDeployments_AnswersBoth()
    {
        await using var host = await new EnvManagerHost().StartAsync();
        var blue = await host.ProvisionAsync(1);
        await host.PublishAsync(Commands.Switched(blue, 1));
        await host.BecomesAsync(blue, EnvironmentRole.Live);
        await host.PublishAsync(Commands.Decommission(blue));
        await host.Outcomes.NextAsync<DecommissioningFailed>();

        var green = Commands.Provision(host.Artifact());
        await host.PublishAsync(Commands.Switched(green, 2, blue.EnvironmentId));
        await host.PublishAsync(Commands.Released(green, 2, blue.EnvironmentId));
        await host.PublishAsync(Commands.Decommission(blue) with { DeploymentId = green.DeploymentId });

        var done = await host.Outcomes.NextAsync<EnvironmentDecommissioned>();
        Assert.Equal(green.DeploymentId, done.DeploymentId);
    }
}
