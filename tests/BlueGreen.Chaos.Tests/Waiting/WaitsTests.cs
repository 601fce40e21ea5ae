using BlueGreen.Chaos.Waiting;

namespace BlueGreen.Chaos.Tests.Waiting;

public sealed class WaitsTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);
    private readonly Waits _waits = new(TimeProvider.System);

    [Fact]
    public async Task Wait_ForSomethingThatNeverComesAndHeedsNoToken_EndsAndSaysForWhat()
    {
        var failure = await Assert.ThrowsAsync<ChaosException>(
            () => _waits.ForAsync("Godot", Short, _ => new TaskCompletionSource().Task, TestContext.Current.CancellationToken));
        Assert.Contains("for Godot: in vain.", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wait_InVain_SaysWhatElseIsWaitedFor()
    {
        var other = new TaskCompletionSource();
        var waiting = _waits.ForAsync("the router to be ready", Long, _ => other.Task, TestContext.Current.CancellationToken);
        var failure = await Assert.ThrowsAsync<ChaosException>(
            () => _waits.ForAsync("Godot", Short, _ => new TaskCompletionSource().Task, TestContext.Current.CancellationToken));
        Assert.Contains("Also waited for: the router to be ready (", failure.Message, StringComparison.Ordinal);
        other.SetResult();
        await waiting;
    }

    [Fact]
    public async Task Wait_Cancelled_IsNoFailure()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var waiting = _waits.ForAsync("Godot", Long, _ => new TaskCompletionSource().Task, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }
}
