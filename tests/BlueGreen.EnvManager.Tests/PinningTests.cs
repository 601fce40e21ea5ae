using BlueGreen.Contracts;
using BlueGreen.EnvManager.Environments;
using BlueGreen.EnvManager.Tests.Fixture;

namespace BlueGreen.EnvManager.Tests;

public sealed class PinningTests
{
    [Fact]
    public async Task Provisioning_WithoutAPromisedDigest_PinsTheEnvironmentToWhatWasFetchedFirst()
    {
        await using var host = await new EnvManagerHost().StartAsync();
        var promised = host.Artifact();
        var command = Commands.Provision(promised with { Sha256 = "" }, replicas: 1);
        await host.PublishAsync(command);

        var first = await host.Outcomes.NextAsync<EnvironmentProvisioned>();
        await File.WriteAllTextAsync(promised.Uri.LocalPath, "another model altogether", TestContext.Current.CancellationToken);
        await host.PublishAsync(command with { Attempt = 2 });
        var second = await host.Outcomes.NextAsync<EnvironmentProvisioned>(outcome => outcome.Attempt == 2);

        Assert.Equal(EnvironmentFingerprint.Of(command.Template, promised), first.Fingerprint);
        Assert.Equal((2, first.Fingerprint), (second.Attempt, second.Fingerprint));
        var environment = await host.FindAsync(command.EnvironmentId);
        Assert.Equal((promised.Sha256, first.Fingerprint), (environment!.ArtifactSha256, environment.Fingerprint));
    }
}
