namespace BlueGreen.Router.Drivers.Tests;

/// <summary>What the keeper of drivers does, in one line.</summary>
internal static class DriverActs
{
    public static async Task<DriverStanding> StandingAsync(this ITrafficDriver driver, DriverRoute route, bool wasMarked = true) =>
        DriverStandings.Of(route, driver.Describe(route), await driver.ReadAsync(route, TestContext.Current.CancellationToken), wasMarked);

    /// <summary>Reads, applies, reads back.</summary>
    /// <returns>The failure, and how it stands.</returns>
    public static async Task<(string? Failure, DriverStanding Standing)> SwitchAsync(this ITrafficDriver driver, DriverRoute route)
    {
        var token = TestContext.Current.CancellationToken;
        var result = await driver.ApplyAsync(route, await driver.ReadAsync(route, token), token);
        return (result.Failure, await driver.StandingAsync(route));
    }
}
