using BlueGreen.Contracts;
using BlueGreen.EnvManager.Environments;
using BlueGreen.EnvManager.Reaping;
using BlueGreen.EnvManager.Tests.Fixture;
using BlueGreen.Testing.Containers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace BlueGreen.EnvManager.Tests;

/// <summary>One life of two environments on the other database: its types, locks and comparisons are its own.</summary>
public sealed class PostgreSqlTests(PostgreSqlServer server) : IClassFixture<PostgreSqlServer>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lifecycle_OnPostgreSql_ProvisionSwitchReleaseDecommissionQuarantineReap()
    {
        await using var host = await new EnvManagerHost(new()
        {
            ["BlueGreen:Database:Provider"] = "postgres",
            ["BlueGreen:Database:ConnectionString"] = await server.CreateDatabaseAsync("env_manager", Token),
        }).StartAsync();
        var blue = await host.ProvisionAsync(1);
        await host.PublishAsync(Commands.Switched(blue, 1));
        await host.BecomesAsync(blue, EnvironmentRole.Live);
        var green = await host.ProvisionAsync(1);
        await host.PublishAsync(Commands.Switched(green, 2, blue.EnvironmentId));
        await host.BecomesAsync(blue, EnvironmentRole.Standby);
        await host.PublishAsync(Commands.Decommission(blue));
        await host.Outcomes.NextAsync<DecommissioningFailed>();
        await host.PublishAsync(Commands.Released(green, 2, blue.EnvironmentId));
        await host.PublishAsync(Commands.Decommission(blue, attempt: 2));
        await host.Outcomes.NextAsync<EnvironmentDecommissioned>();
        await host.PublishAsync(Commands.Quarantine(await host.ProvisionAsync(1), TimeSpan.FromHours(72)));
        var quarantined = await host.Outcomes.NextAsync<EnvironmentQuarantined>();

        await ActivatorUtilities.CreateInstance<Reaper>(host.Services, new FakeTimeProvider(quarantined.Until)).RunAsync(Token);

        Assert.Equal(EnvironmentState.Decommissioned, (await host.FindAsync(quarantined.EnvironmentId))!.State);
        Assert.Equal(EnvironmentState.Decommissioned, (await host.FindAsync(blue.EnvironmentId))!.State);
        Assert.Single(await host.ProcessesAsync(green.EnvironmentId));
    }
}
