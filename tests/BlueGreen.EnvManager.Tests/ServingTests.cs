using BlueGreen.Contracts;
using BlueGreen.EnvManager.Environments;
using BlueGreen.EnvManager.Tests.Fixture;

namespace BlueGreen.EnvManager.Tests;

public sealed class ServingTests
{
    [Fact]
    public async Task Serving_NewsArrivesOutOfOrder_TheNewestEpochCounts()
    {
        await using var host = await new EnvManagerHost().StartAsync();
        var blue = await host.RecordAsync();
        var green = await host.RecordAsync();
        await host.PublishAsync(Commands.Switched(green, 8, blue.EnvironmentId));
        await host.BecomesAsync(green, EnvironmentRole.Live);

        await host.PublishAsync(Commands.Switched(blue, 7));
        await host.PublishAsync(Commands.Quarantine(green, TimeSpan.FromHours(1)));
        await host.Outcomes.NextAsync<EnvironmentQuarantined>();

        Assert.Equal(EnvironmentRole.Live, await host.RoleOfAsync(green));
        Assert.Equal(EnvironmentRole.Standby, await host.RoleOfAsync(blue));
    }

    [Fact]
    public async Task Serving_ReleaseOvertakesTheSwitch_TheReleasedOneNeverBecomesStandby()
    {
        await using var host = await new EnvManagerHost().StartAsync();
        var blue = await host.RecordAsync();
        var green = await host.RecordAsync();
        await host.PublishAsync(Commands.Released(green, 8, blue.EnvironmentId));
        await Eventually.BecomesTrueAsync(async () => (await host.FindAsync(blue.EnvironmentId))!.Released);

        await host.PublishAsync(Commands.Switched(green, 8, blue.EnvironmentId));
        await host.BecomesAsync(green, EnvironmentRole.Live);

        Assert.Equal(EnvironmentRole.None, await host.RoleOfAsync(blue));
    }

    [Fact]
    public async Task Serving_NamedByARoute_DoesNotExpireUntilNoRouteNamesIt()
    {
        await using var host = await new EnvManagerHost().StartAsync();
        var blue = await host.RecordAsync();
        var green = await host.RecordAsync();
        await host.PublishAsync(Commands.Switched(blue, 1));
        await host.BecomesAsync(blue, EnvironmentRole.Live);
        await host.PublishAsync(Commands.Switched(green, 2, blue.EnvironmentId));
        await host.BecomesAsync(blue, EnvironmentRole.Standby);
        Assert.Null((await host.FindAsync(blue.EnvironmentId))!.ExpiresAt);
        Assert.Null((await host.FindAsync(green.EnvironmentId))!.ExpiresAt);

        await host.PublishAsync(new TrafficReverted
        {
            DeploymentId = green.DeploymentId,
            Endpoint = "fraud",
            Epoch = 3,
            LiveEnvironmentId = blue.EnvironmentId,
            Reason = "an alarm fired",
            RequestedBy = "a test",
            RevertedAt = DateTimeOffset.UnixEpoch,
        });
        await host.BecomesAsync(blue, EnvironmentRole.Live);

        Assert.Equal(EnvironmentRole.None, await host.RoleOfAsync(green));
        Assert.Null((await host.FindAsync(blue.EnvironmentId))!.ExpiresAt);
        Assert.NotNull((await host.FindAsync(green.EnvironmentId))!.ExpiresAt);
    }
}
