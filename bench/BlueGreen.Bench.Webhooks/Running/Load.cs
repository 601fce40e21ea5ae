using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using BlueGreen.Bench.Webhooks.Traffic;

namespace BlueGreen.Bench.Webhooks.Running;

/// <summary>
/// Promotions at a fixed rate, whatever the listener does with them: each is sent at its time, and its latency counts from that time, so
/// that a listener that stalls is not spared the webhooks it would have stalled.
/// </summary>
internal sealed class Load(HttpClient http, TimeProvider clock)
{
    public const string Model = "loaded";
    /// <summary>All of them happened at once: order is not what is measured.</summary>
    private readonly DateTimeOffset _happened = clock.GetUtcNow();
    private int _number;

    /// <summary>Number of the first webhook: one process must not be sent the same ids twice.</summary>
    public int First { get; init; }

    /// <summary>Ids of deliveries that were answered 202.</summary>
    public ConcurrentBag<string> Acknowledged { get; } = [];

    /// <summary>Milliseconds of those that were acknowledged.</summary>
    public ConcurrentBag<double> Latencies { get; } = [];
    public ConcurrentDictionary<string, int> Others { get; } = new();

    public async Task RunAsync(int perSecond, TimeSpan duration, CancellationToken ct)
    {
        var started = clock.GetTimestamp();
        var sending = new List<Task>();
        var total = (int)(perSecond * duration.TotalSeconds);
        for (var sent = 0; sent < total && !ct.IsCancellationRequested;)
        {
            var due = (int)Math.Min(total, clock.GetElapsedTime(started).TotalSeconds * perSecond);
            for (; sent < due; sent++) sending.Add(SendAsync(started, TimeSpan.FromSeconds((double)sent / perSecond), ct));
            await Task.Delay(TimeSpan.FromMilliseconds(1), clock, CancellationToken.None);
        }

        await Task.WhenAll(sending);
    }

    private async Task SendAsync(long started, TimeSpan due, CancellationToken ct)
    {
        var number = First + Interlocked.Increment(ref _number);
        var id = $"load-{number}";
        try
        {
            using var request = Request(number, id);
            using var response = await http.SendAsync(request, ct);
            if ((int)response.StatusCode != 202)
            {
                Others.AddOrUpdate(((int)response.StatusCode).ToString(CultureInfo.InvariantCulture), 1, (_, count) => count + 1);
                return;
            }

            Latencies.Add((clock.GetElapsedTime(started) - due).TotalMilliseconds);
            Acknowledged.Add(id);
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            Others.AddOrUpdate(exception.GetType().Name, 1, (_, count) => count + 1);
        }
    }

    /// <summary>MLflow and generic by turns: both are signed over an id, which is how the row is found again.</summary>
    private HttpRequestMessage Request(int number, string id)
    {
        var (source, now) = (number % 2 == 0 ? "generic" : "mlflow", clock.GetUtcNow());
        var (body, type) = Samples.Promotion(source, Model, number.ToString(CultureInfo.InvariantCulture), id, _happened);
        var webhook = SentWebhook.Signed(source, Encoding.UTF8.GetBytes(body.ToJsonString()), now, type, id);
        var request = new HttpRequestMessage(HttpMethod.Post, $"webhooks/{source}") { Content = new ByteArrayContent(webhook.Body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        foreach (var (name, value) in webhook.Headers) request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }
}
