using BlueGreen.Platform.Work;

namespace BlueGreen.Validator.Tests;

internal sealed class HeldLease : IWorkLease
{
    public int Try => 1;
    public DateTimeOffset RequestedAt => DateTimeOffset.UnixEpoch;
    public Task EnsureHeldAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
