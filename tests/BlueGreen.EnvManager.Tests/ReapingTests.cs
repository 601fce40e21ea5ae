using BlueGreen.Contracts;
using BlueGreen.EnvManager.Environments;
using BlueGreen.EnvManager.Reaping;
using BlueGreen.EnvManager.Tests.Fixture;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace BlueGreen.EnvManager.Tests;

public sealed class ReapingTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Reaping_NeverServedAndPastItsTime_IsTornDown()
    {
        await using var host = await new EnvManagerHost().StartAsync();
        var command = await host.ProvisionAsync(1);
        var created = (await host.FindAsync(command.EnvironmentId))!.CreatedAt;

        await ReaperAt(host, created + command.UnservedTtl - TimeSpan.FromSeconds(1)).RunAsync(Token);
        Assert.Single(await host.ProcessesAsync(command.EnvironmentId));

        await ReaperAt(host, created + command.UnservedTtl).RunAsync(Token);
        Assert.Empty(await host.ProcessesAsync(command.EnvironmentId));
        Assert.Equal(EnvironmentState.Decommissioned, (await host.FindAsync(command.EnvironmentId))!.State);
    }

    [Fact]
    public async Task Reaping_LiveOrStandby_StaysForEver()
    {
        await using var host = await new EnvManagerHost().StartAsync();
        var blue = await host.ProvisionAsync(1);
        var green = await host.ProvisionAsync(1);
        await host.PublishAsync(Commands.Switched(green, 1, blue.EnvironmentId));
        await host.BecomesAsync(blue, EnvironmentRole.Standby);

        await ReaperAt(host, DateTimeOffset.MaxValue - TimeSpan.FromDays(1)).RunAsync(Token);

        Assert.Single(await host.ProcessesAsync(blue.EnvironmentId));
        Assert.Single(await host.ProcessesAsync(green.EnvironmentId));
    }

    [Fact]
    public async Task Reaping_QuarantineIsOver_TearsItDownAndKeepsTheLog()
    {
        await using var host = await new EnvManagerHost().StartAsync();
        var command = await host.ProvisionAsync(1);
        await host.PublishAsync(Commands.Quarantine(command, TimeSpan.FromHours(72)));
        var quarantined = await host.Outcomes.NextAsync<EnvironmentQuarantined>();
        await ReaperAt(host, quarantined.Until - TimeSpan.FromSeconds(1)).RunAsync(Token);
        Assert.Single(await host.ProcessesAsync(command.EnvironmentId));

        await ReaperAt(host, quarantined.Until).RunAsync(Token);

        Assert.Empty(await host.ProcessesAsync(command.EnvironmentId));
        Assert.Contains("serving", await File.ReadAllTextAsync(Path.Combine(quarantined.EvidencePath, "replica-0.log"), Token));
    }

    [Fact]
    public async Task Reaping_ProcessOfAnEnvironmentNobodyKnows_IsStopped()
    {
        await using var host = await new EnvManagerHost().StartAsync();
        var stray = ServingEnvironment.From(Commands.Provision(host.Artifact()), DateTimeOffset.UnixEpoch);
        var replica = await host.Driver.StartAsync(stray.Launch(0, "nowhere", port: null), Token);

        await Eventually.BecomesTrueAsync(() => !host.Driver.IsRunning(replica));
    }

    [Fact]
    public async Task Reaping_ProcessesOfAnotherInstallation_AreLeftAlone()
    {
        await using var theirs = await new EnvManagerHost().StartAsync();
        var command = await theirs.ProvisionAsync(1);
        await using var ours = await new EnvManagerHost().StartAsync();

        await ours.Services.GetRequiredService<Reaper>().RunAsync(Token);

        Assert.Single(await theirs.ProcessesAsync(command.EnvironmentId));
    }

    [Fact]
    public async Task Reaping_DecommissionedRowWhoseProcessIsBack_StopsIt()
    {
        await using var host = await new EnvManagerHost().StartAsync();
        var command = await host.ProvisionAsync(1);
        await host.PublishAsync(Commands.Decommission(command));
        await host.Outcomes.NextAsync<EnvironmentDecommissioned>();

        var environment = (await host.FindAsync(command.EnvironmentId))!;
        var replica = await host.Driver.StartAsync(environment.Launch(0, "nowhere", port: null), Token);

        await Eventually.BecomesTrueAsync(() => !host.Driver.IsRunning(replica));
    }

    private static Reaper ReaperAt(EnvManagerHost host, DateTimeOffset now) =>
        ActivatorUtilities.CreateInstance<Reaper>(host.Services, new FakeTimeProvider(now));
}
