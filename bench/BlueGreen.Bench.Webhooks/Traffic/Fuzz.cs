using BlueGreen.RegistryListener.Webhooks;
using Microsoft.AspNetCore.Http;

namespace BlueGreen.Bench.Webhooks.Traffic;

/// <summary>Mutated and forged webhooks of all sources, played against the listener below its sockets.</summary>
internal sealed class Fuzz(WebhookReceiver receiver, IServiceProvider services, TimeProvider clock)
{
    public const string Model = "fuzzed";
    private readonly Lock _turn = new();

    public FuzzReport Report { get; } = new();

    /// <summary>The same seed plays the same webhooks.</summary>
    public async Task RunAsync(int first, int count, int seed, CancellationToken cancellationToken)
    {
        for (var number = first; number < first + count; number++)
        {
            var (webhook, isForged) = Next(number, RandomOf(seed, number));
            await PlayAsync(webhook, isForged, number, cancellationToken);
        }
    }

    /// <summary>Not from a HashCode: those are others in every process, and a run that is taken up again must play the same.</summary>
    internal static Random RandomOf(int seed, int number) => new(unchecked(seed * 486_187_739 + number));

    private (SentWebhook Webhook, bool IsForged) Next(int number, Random random)
    {
        var source = Samples.Sources[random.Next(Samples.Sources.Count)];
        var (id, version, now) = ($"fuzz-{number}", (random.Next(1000) + 1).ToString(System.Globalization.CultureInfo.InvariantCulture), clock.GetUtcNow());
        var kinds = Samples.Others(source, Model, version, id, now).Prepend(Samples.Promotion(source, Model, version, id, now)).ToList();
        var (sample, contentType) = kinds[random.Next(kinds.Count)];
        var isForged = random.Next(4) == 0;
        // A forgery is of something that would otherwise be accepted as often as not.
        var body = isForged && random.Next(2) == 0 ? System.Text.Encoding.UTF8.GetBytes(sample.ToJsonString()) : Mutator.Mutate(sample, random);
        var good = SentWebhook.Signed(source, body, now, random.Next(50) == 0 ? "text/plain" : contentType, delivery: id);
        return isForged ? (Forger.Forge(good, now, random), true) : (good, false);
    }

    private async Task PlayAsync(SentWebhook webhook, bool isForged, int number, CancellationToken cancellationToken)
    {
        var context = Context(webhook);
        try
        {
            var result = await receiver.ReceiveAsync(webhook.Source, context, cancellationToken);
            await result.ExecuteAsync(context);
            lock (_turn) Report.Count(webhook, context.Response.StatusCode, isForged, number);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            lock (_turn) Report.Unhandled(webhook, exception, number);
        }
    }

    private DefaultHttpContext Context(SentWebhook webhook)
    {
        var context = new DefaultHttpContext { RequestServices = services };
        context.Request.Method = HttpMethods.Post;
        context.Request.ContentType = webhook.ContentType;
        context.Request.ContentLength = webhook.Body.Length;
        context.Request.QueryString = new QueryString(webhook.Query);
        context.Request.Body = new MemoryStream(webhook.Body, writable: false);
        foreach (var (name, value) in webhook.Headers) context.Request.Headers[name] = value;
        return context;
    }
}
