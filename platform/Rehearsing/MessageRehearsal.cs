using BlueGreen.Contracts;
using BlueGreen.Platform.Messaging;
using MassTransit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BlueGreen.Platform.Rehearsing;

/// <summary>
/// The dress rehearsal of a platform in one process: each deployment message that somebody here consumes is sent once, in a form that means
/// nothing, and whatever its consumers write is rolled back (<see cref="IsRehearsed"/>). What is left is compiled code.
/// On RabbitMQ it would reach other processes, so there it is left out.
/// </summary>
internal sealed class MessageRehearsal(
    IBusControl bus, ConsumedMessages consumed, Rehearsal rehearsal, IOptions<BusOptions> options, ILogger<MessageRehearsal> log)
    : BackgroundService
{
    private const string Header = "BG-Rehearsal";

    public static bool IsRehearsed(ConsumeContext context) => context.Headers.TryGetHeader(Header, out _);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.IsEmbedded || !options.Value.RehearsesMessages) return;
        var messages = consumed.Types.Where(typeof(IDeploymentMessage).IsAssignableFrom).ToList();
        foreach (var message in messages) rehearsal.Expect(message);
        try
        {
            await bus.WaitForHealthStatus(BusHealthStatus.Healthy, stoppingToken);
            foreach (var message in messages)
            {
                await bus.Publish(
                    SampleMessage.Of(message), message, context => context.Headers.Set(Header, "true"), stoppingToken);
            }
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
            // Only time is lost: what was not rehearsed is compiled by the first who needs it.
            log.RehearsalSkipped(exception);
            foreach (var message in messages) rehearsal.Handled(message);
        }
    }
}
