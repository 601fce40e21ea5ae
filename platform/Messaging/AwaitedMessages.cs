using BlueGreen.Contracts;
using MassTransit;

namespace BlueGreen.Platform.Messaging;

/// <summary>
/// Messages that somebody has to hear: promotions, commands, requests to roll back, faults. RabbitMQ confirms and drops what no queue is
/// bound to, as before the first start of the service that consumes it, or while its queue is deleted. These are sent as
/// mandatory: they come back, and wait in the outbox.
/// </summary>
internal static class AwaitedMessages
{
    private static readonly HashSet<string> Types =
    [
        .. new[]
        {
            typeof(ModelPromoted), typeof(ProvisionEnvironment), typeof(WarmEnvironment), typeof(ValidateEnvironment), typeof(SwitchTraffic),
            typeof(BeginBaking), typeof(ReleaseStandby), typeof(DecommissionEnvironment), typeof(QuarantineEnvironment),
            typeof(RollbackRequested), typeof(MessageFaulted), typeof(CallHooks),
        }.Select(type => MessageUrn.ForTypeString(type)),
    ];

    /// <param name="messageTypes">The row's types, most specific first, separated by semicolons.</param>
    public static bool Contains(string messageTypes)
    {
        var end = messageTypes.IndexOf(';', StringComparison.Ordinal);
        return Types.Contains(end < 0 ? messageTypes : messageTypes[..end]);
    }

    /// <summary>Sends as <paramref name="row"/> says, but fails where no queue takes the message. Means nothing to the embedded bus.</summary>
    public sealed class Pipe(IPipe<SendContext> row) : IPipe<SendContext>
    {
        public async Task Send(SendContext context)
        {
            await row.Send(context);
            if (context.TryGetPayload<RabbitMqSendContext>(out var rabbitMq)) rabbitMq.Mandatory = true;
        }

        public void Probe(ProbeContext context) => row.Probe(context);
    }
}
