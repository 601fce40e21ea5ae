namespace BlueGreen.Router.Drivers;

/// <summary>Calls a driver and makes what it throws, or does not answer in time, into the failure that it should have returned.</summary>
/// <param name="driver">Who is called.</param>
/// <param name="route">About what.</param>
/// <param name="caller">Its cancellation is the caller's own, and goes through.</param>
/// <param name="limit">Its cancellation means that the call took too long.</param>
internal sealed class DriverCall(ITrafficDriver driver, DriverRoute route, CancellationToken caller, CancellationToken limit)
{
    private const string TooLong = "It did not answer in time.";

    public Task<DriverReading> ReadAsync() => GuardAsync(() => driver.ReadAsync(route, limit), DriverReading.Failed);

    /// <returns>Null: done.</returns>
    public async Task<string?> ApplyAsync(DriverReading seen) =>
        (await GuardAsync(() => driver.ApplyAsync(route, seen, limit), DriverResult.Failed)).Failure;

    public async Task<int?> DrainAsync() => (await GuardAsync(() => driver.DrainAsync(route, limit), _ => DriverDrain.Unknown)).InFlight;

    private async Task<T> GuardAsync<T>(Func<Task<T>> call, Func<string, T> failed)
    {
        try
        {
            return await call().WaitAsync(limit);
        }
        catch (OperationCanceledException) when (!caller.IsCancellationRequested)
        {
            return failed(TooLong);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return failed($"{exception.GetType().Name}: {exception.Message}");
        }
    }
}
