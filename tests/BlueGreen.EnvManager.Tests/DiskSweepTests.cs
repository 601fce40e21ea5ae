using BlueGreen.Contracts;
using BlueGreen.EnvManager.Reaping;
using BlueGreen.EnvManager.Tests.Fixture;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace BlueGreen.EnvManager.Tests;

public sealed class DiskSweepTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sweeping_LogOverItsLimit_MovesItAsideAndTheServerWritesOn()
    {
        await using var host = await new EnvManagerHost(new() { ["BlueGreen:EnvManager:LogLimitBytes"] = "4096" }).StartAsync();
        var command = await host.ProvisionAsync(1);
        var log = Path.Combine(host.Driver.EvidencePath(command.EnvironmentId), "replica-0.log");

        await File.AppendAllTextAsync(log, new string('x', 5000), Token);

        await Eventually.BecomesTrueAsync(() => new FileInfo(log).Length == 0);
        Assert.Contains("serving", await File.ReadAllTextAsync($"{log}.1", Token));
    }

    [Fact]
    public async Task Sweeping_EnvironmentLongGone_DropsItsEvidenceAndItsArtifactNotTheOnesInUse()
    {
        await using var host = await new EnvManagerHost().StartAsync();
        var gone = await host.ProvisionAsync(1);
        var kept = Commands.Provision(host.Artifact("another model"), 1);
        await host.PublishAsync(kept);
        await host.Outcomes.NextAsync<EnvironmentProvisioned>(outcome => outcome.Fleet.EnvironmentId == kept.EnvironmentId);
        await host.PublishAsync(Commands.Decommission(gone));
        await host.Outcomes.NextAsync<EnvironmentDecommissioned>();

        await SweepAsync(host, TimeSpan.FromDays(6));
        Assert.True(File.Exists(ArtifactOf(host, gone)));
        await SweepAsync(host, TimeSpan.FromDays(31));

        Assert.False(File.Exists(ArtifactOf(host, gone)));
        Assert.True(File.Exists(ArtifactOf(host, kept)));
        Assert.False(Directory.Exists(host.Driver.EvidencePath(gone.EnvironmentId)));
        Assert.True(Directory.Exists(host.Driver.EvidencePath(kept.EnvironmentId)));
    }

    private static Task SweepAsync(EnvManagerHost host, TimeSpan later) =>
        ActivatorUtilities.CreateInstance<DiskSweep>(host.Services, new FakeTimeProvider(TimeProvider.System.GetUtcNow() + later))
            .RunAsync(Token);

    private static string ArtifactOf(EnvManagerHost host, ProvisionEnvironment command) =>
        Path.Combine(host.DataDirectory, "artifacts", command.Artifact.Sha256);
}
