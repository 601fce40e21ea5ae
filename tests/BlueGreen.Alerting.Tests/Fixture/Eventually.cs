namespace BlueGreen.Alerting.Tests.Fixture;

/// <summary>Waits on conditions.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    public static async Task BecomesTrueAsync(Func<Task<bool>> condition, TimeSpan limit, Func<string> otherwise)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(started) > limit) Assert.Fail(otherwise());
            await Task.Delay(Pause, TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }
}
