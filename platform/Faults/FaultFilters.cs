using BlueGreen.Contracts;
using BlueGreen.Platform.Persistence;
using MassTransit;
using MassTransit.Middleware;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Platform.Faults;

/// <summary>What becomes of deliveries that cannot be handled: a fault for the operators, instead of a message in a side queue.</summary>
internal static class FaultFilters
{
    /// <param name="endpoint">The queue.</param>
    /// <param name="journal">Asked for when it is needed: it publishes through the bus that is being made here.</param>
    /// <param name="log">Says what was given up.</param>
    public static void Configure<TDb>(IReceiveEndpointConfigurator endpoint, Func<FaultJournal<TDb>> journal, ILogger log) where TDb : ServiceDbContext
    {
        var queue = endpoint.InputAddress.Segments[^1];
        endpoint.ConfigureError(pipe =>
        {
            pipe.UseFilter(new ErrorFilter<TDb>(queue, journal, log));
            pipe.UseFilter(new ErrorTransportFilter());
        });
        endpoint.ConfigureDeadLetter(pipe =>
        {
            pipe.UseFilter(new SkippedFilter<TDb>(queue, journal, log));
            pipe.UseFilter(new DeadLetterTransportFilter());
        });
    }

    /// <summary>True when the fault is stored; false sends the message on to the transport's own side queue, from where it is drained.</summary>
    private static async Task<bool> TryStoreAsync<TDb>(
        ReceiveContext context, FaultKind kind, string queue, Exception? exception, Func<FaultJournal<TDb>> journal, ILogger log)
        where TDb : ServiceDbContext
    {
        var desk = journal();
        var fault = FaultRecords.Of(context, kind, desk.Service, queue, exception, desk.Now);
        if (!desk.CanStore(fault)) return false;
        try
        {
            var key = context.TryGetPayload<InboxKey>(out var known) ? known : InboxKey.At(queue, fault.MessageId);
            await desk.StoreAsync(fault, key, context.CancellationToken);
            log.MessageGivenUp(fault.MessageType, fault.MessageId, queue, fault.FaultId, exception);
            return true;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            log.FaultNotStored(queue, fault.MessageId, failure);
            return false;
        }
    }

    private sealed class ErrorFilter<TDb>(string queue, Func<FaultJournal<TDb>> journal, ILogger log) : IFilter<ExceptionReceiveContext>
        where TDb : ServiceDbContext
    {
        public void Probe(ProbeContext context) => context.CreateFilterScope("fault");

        public async Task Send(ExceptionReceiveContext context, IPipe<ExceptionReceiveContext> next)
        {
            if (!await TryStoreAsync(context, FaultKind.Message, queue, context.Exception, journal, log)) await next.Send(context);
        }
    }

    private sealed class SkippedFilter<TDb>(string queue, Func<FaultJournal<TDb>> journal, ILogger log) : IFilter<ReceiveContext>
        where TDb : ServiceDbContext
    {
        public void Probe(ProbeContext context) => context.CreateFilterScope("skipped");

        public async Task Send(ReceiveContext context, IPipe<ReceiveContext> next)
        {
            if (!await TryStoreAsync(context, FaultKind.Skipped, queue, null, journal, log)) await next.Send(context);
        }
    }
}
