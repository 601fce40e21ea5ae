using MassTransit;
using MassTransit.Context;
using MassTransit.Scheduling;
using Microsoft.EntityFrameworkCore;

namespace BlueGreen.Platform.Messaging;

/// <summary>Gives consume contexts a scheduler whose timers are outbox rows of the transaction at hand.</summary>
internal sealed class DurableSchedulerFilter : IFilter<ConsumeContext>
{
    public void Probe(ProbeContext context) => context.CreateFilterScope("durable-scheduler");

    public Task Send(ConsumeContext context, IPipe<ConsumeContext> next)
    {
        // The factory runs when the saga first schedules something, and then gets the outbox's context.
        context.GetOrAddPayload<MessageSchedulerContext>(() => new ConsumeMessageSchedulerContext(context, Create));
        return next.Send(context);
    }

    private static MessageScheduler Create(ConsumeContext context) =>
        context.TryGetPayload<IConsumeTransaction>(out var transaction)
            ? new MessageScheduler(new DurableScheduleProvider(context, transaction), context.GetPayload<IBusTopology>())
            : throw new NotSupportedException("Deadlines are set inside the consumer's transaction only.");
}

/// <summary>Schedule = an outbox row with a later due time; cancel = its deletion; both commit with the state that wanted them.</summary>
internal sealed class DurableScheduleProvider(ISendEndpointProvider sendEndpoints, IConsumeTransaction transaction)
    : IScheduleMessageProvider
{
    public async Task<ScheduledMessage<T>> ScheduleSend<T>(
        Uri destinationAddress, DateTime scheduledTime, T message, IPipe<SendContext<T>> pipe, CancellationToken cancellationToken)
        where T : class
    {
        var schedule = new ScheduleSendPipe<T>(pipe, scheduledTime)
        {
            ScheduledMessageId = ScheduleTokenIdCache<T>.GetTokenId(message),
        };
        var endpoint = await sendEndpoints.GetSendEndpoint(destinationAddress);
        await endpoint.Send(message, schedule, cancellationToken);
        return new ScheduledMessageHandle<T>(schedule.ScheduledMessageId!.Value, scheduledTime, destinationAddress, message);
    }

    public async Task CancelScheduledSend(Guid tokenId, CancellationToken cancellationToken)
    {
        var added = transaction.Db.ChangeTracker.Entries<OutboxMessage>()
            .Where(row => row.State == EntityState.Added && row.Entity.ScheduleToken == tokenId).ToList();
        foreach (var row in added) row.State = EntityState.Detached;
        await transaction.Db.Outbox.Where(row => row.ScheduleToken == tokenId).ExecuteDeleteAsync(cancellationToken);
    }

    public Task CancelScheduledSend(Uri destinationAddress, Guid tokenId, CancellationToken cancellationToken) =>
        CancelScheduledSend(tokenId, cancellationToken);
}
