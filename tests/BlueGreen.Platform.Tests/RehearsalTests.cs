using BlueGreen.Platform.Tests.Fixture;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace BlueGreen.Platform.Tests;

public sealed class RehearsalTests
{
    [Fact]
    public async Task Start_EveryServiceHandledTheRehearsal_ThenReady()
    {
        await using var host = await new SampleHost().StartAsync();
        var health = host.Services.GetRequiredService<HealthCheckService>();
        await SampleHost.UntilAsync(async () =>
            (await health.CheckHealthAsync(check => check.Name == "rehearsal", TestContext.Current.CancellationToken)).Status
            == HealthStatus.Healthy, seconds: 8);
    }
}
