using MassTransit;
using MassTransit.RabbitMqTransport;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Platform.Messaging;

/// <summary>
/// Sees to it that a queue that lost its connection gets its consumer back. MassTransit asks for queue, exchanges and bindings first, and
/// loses the answer for ever when the connection is lost again meanwhile; and it takes an AMQP operation that was given up for an order to
/// stop. Seen from outside both are the same: a process in good health, and a queue without consumers. Here the wait has a limit, and both
/// end as a lost connection, after which the transport begins anew.
/// </summary>
/// <param name="queue">Whose consumer it is.</param>
/// <param name="limit">Longest time from a channel to its consumer.</param>
/// <param name="clock">Measures it.</param>
/// <param name="log">Told of every new beginning.</param>
/// <param name="stopping">Cancelled when the host begins to stop: then, and only then, a cancelled operation is an order.</param>
internal sealed class ConsumingGuard(string queue, TimeSpan limit, TimeProvider clock, ILogger log, CancellationToken stopping)
    : IFilter<ChannelContext>, IReceiveEndpointObserver
{
    private TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Probe(ProbeContext context) => context.CreateFilterScope("consuming-guard");

    public async Task Send(ChannelContext context, IPipe<ChannelContext> next)
    {
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _ready, ready);
        try
        {
            await ConsumeAsync(next.Send(context), ready.Task);
        }
        catch (OperationCanceledException givenUp) when (!stopping.IsCancellationRequested)
        {
            log.ConsumingInterrupted(queue, givenUp);
            throw new RabbitMqConnectionException($"An operation on the channel of {queue} was given up", givenUp);
        }
    }

    public Task Ready(ReceiveEndpointReady ready)
    {
        Volatile.Read(ref _ready).TrySetResult();
        return Task.CompletedTask;
    }

    public Task Stopping(ReceiveEndpointStopping stopping) => Task.CompletedTask;
    public Task Completed(ReceiveEndpointCompleted completed) => Task.CompletedTask;
    public Task Faulted(ReceiveEndpointFaulted faulted) => Task.CompletedTask;

    private async Task ConsumeAsync(Task consuming, Task ready)
    {
        using var patience = new CancellationTokenSource();
        var late = Task.Delay(limit, clock, patience.Token);
        var first = await Task.WhenAny(consuming, ready, late);
        await patience.CancelAsync();
        if (first == late)
        {
            // Whatever it waits for: nobody waits for it any more, and its channel is closed.
            _ = consuming.ContinueWith(ended => _ = ended.Exception, TaskScheduler.Default);
            log.ConsumingNeverBegan(queue, limit);
            var inVain = $"{queue} got no consumer within {limit.TotalSeconds:0} s";
            // Without a cause it would count as one that lasts, which ends a bus that is still starting for good.
            throw new RabbitMqConnectionException(inVain, new TimeoutException(inVain));
        }

        await consuming;
    }
}
