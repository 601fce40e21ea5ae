using System.Text;
using BlueGreen.Contracts;
using BlueGreen.Platform.Http;
using BlueGreen.Platform.Rehearsing;
using BlueGreen.Platform.Webhooks;
using BlueGreen.RegistryListener.Sources;
using Microsoft.AspNetCore.Hosting.Server;

namespace BlueGreen.RegistryListener.Webhooks;

/// <summary>
/// Goes the way of a promotion once after start-up and takes it back: the first webhook shall not wait for code to be compiled.
/// </summary>
internal sealed class WebhookRehearsal(
    IEnumerable<IPromotionSource> sources, PromotionIntake intake, IServer server, TimeProvider clock, ILogger<WebhookRehearsal> log)
    : BackgroundService, IHostedLifecycleService
{
    private static readonly byte[] Sample = Encoding.UTF8.GetBytes(
        $$"""
        {"model":"rehearsal","version":"0","stage":"none","endpoint":"rehearsal",
         "artifact": { "uri":"https://rehearsal.invalid/0", "sha256":"{{BlobDigest.Of([])}}" } }
        """);

    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _started.TrySetResult();
        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await _started.Task.WaitAsync(stoppingToken);
            await SelfCall.PostAsync(server, $"/webhooks/{SampleMessage.Text}", "{}", token: null, stoppingToken);
            var request = new WebhookRequest { Headers = new HeaderDictionary(), Body = Sample, ReceivedAt = clock.GetUtcNow() };
            var options = new SourceOptions { Secret = SampleMessage.Text };
            foreach (var source in sources)
            {
                source.Authenticate(request, options);
                WebhookSignature.IsValidHex(SampleMessage.Text, SampleMessage.Text, request.Body, SampleMessage.Text);
                source.Read(request, options);
            }

            await intake.RehearseAsync(Rehearsed(options, clock.GetUtcNow()), stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host is stopping.
        }
        catch (Exception exception)
        {
            // Only time is lost: what was not rehearsed is compiled by the first who needs it.
            log.RehearsalSkipped(exception);
        }
    }

    private static Incoming Rehearsed(SourceOptions options, DateTimeOffset now) => new()
    {
        Source = SampleMessage.Text,
        Options = options,
        Schemes = [Uri.UriSchemeHttps],
        DeliveryId = SampleMessage.Text,
        BodySha256 = BlobDigest.Of([]),
        ReceivedAt = now,
        Events =
        [
            new RegistryEvent
            {
                OccurredAt = now,
                Reading = new EventReading.Promoted(new Promotion
                {
                    Model = SampleMessage.Text,
                    Version = "0",
                    Marks = [Mark.OfStage(SampleMessage.Text)],
                    Artifact = new ArtifactReference { Uri = new Uri("https://rehearsal.invalid/0"), Sha256 = "" },
                }),
            },
        ],
    };
}
