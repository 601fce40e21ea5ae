using System.Reflection;
using BlueGreen.Platform.Messaging;
using MassTransit;
using MassTransit.RabbitMqTransport;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlueGreen.Platform.Tests;

public sealed class ConsumingGuardTests : IDisposable
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);
    private readonly CancellationTokenSource _stopping = new();

    [Fact]
    public async Task Channel_TopologyIsNeverAnswered_EndsAsALostConnection()
    {
        var guard = Guard(Short);
        var failure = await Assert.ThrowsAsync<RabbitMqConnectionException>(() => SendAsync(guard, new TaskCompletionSource().Task).WaitAsync(Long, Cancelled));
        Assert.Contains("orders got no consumer within", failure.Message, StringComparison.Ordinal);
        Assert.True(failure.IsTransient, "a bus that is starting would give up for good");
    }

    [Fact]
    public async Task Channel_HasItsConsumer_IsLeftAlone()
    {
        var guard = Guard(Short);
        var consuming = new TaskCompletionSource();
        var sending = SendAsync(guard, consuming.Task);
        await guard.Ready(null!);
        await Task.Delay(3 * Short, TimeProvider.System, Cancelled);
        Assert.False(sending.IsCompleted);
        consuming.SetResult();
        await sending;
    }

    [Fact]
    public async Task SecondChannel_TopologyIsNeverAnswered_TheFirstOnesConsumerDoesNotCount()
    {
        var guard = Guard(Short);
        var first = SendAsync(guard, Task.CompletedTask);
        await guard.Ready(null!);
        await first;
        await Assert.ThrowsAsync<RabbitMqConnectionException>(() => SendAsync(guard, new TaskCompletionSource().Task).WaitAsync(Long, Cancelled));
    }

    [Fact]
    public async Task Operation_IsGivenUpByTheClient_EndsAsALostConnection()
    {
        var failure = await Assert.ThrowsAsync<RabbitMqConnectionException>(() => SendAsync(Guard(Long), Task.FromCanceled(new CancellationToken(true))));
        Assert.True(failure.IsTransient);
    }

    [Fact]
    public async Task Operation_IsCancelledBecauseTheHostStops_StaysAnOrderToStop()
    {
        await _stopping.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => SendAsync(Guard(Long), Task.FromCanceled(new CancellationToken(true))));
    }

    public void Dispose() => _stopping.Dispose();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private ConsumingGuard Guard(TimeSpan limit) => new("orders", limit, TimeProvider.System, NullLogger.Instance, _stopping.Token);

    private static Task SendAsync(ConsumingGuard guard, Task consuming) =>
        guard.Send(DispatchProxy.Create<ChannelContext, Untouched>(), Pipe.ExecuteAsync<ChannelContext>(_ => consuming));

    /// <summary>The guard looks at the pipe behind it, not at the channel.</summary>
    public class Untouched : DispatchProxy
    {
        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => throw new NotSupportedException();
    }
}
