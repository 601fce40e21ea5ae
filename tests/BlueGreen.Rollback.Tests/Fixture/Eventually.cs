namespace BlueGreen.Rollback.Tests.Fixture;

/// <summary>Waits on conditions.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(15);

    public static Task BecomesTrueAsync(Func<bool> condition, Func<string>? otherwise = null) =>
        BecomesTrueAsync(() => Task.FromResult(condition()), otherwise);

    public static async Task BecomesTrueAsync(Func<Task<bool>> condition, Func<string>? otherwise = null)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(started) > Limit) Assert.Fail(otherwise?.Invoke() ?? "It never became true.");
            await Task.Delay(Pause, TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }
}
