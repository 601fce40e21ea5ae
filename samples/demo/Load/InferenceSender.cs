using System.Buffers;
using System.Net.Http.Headers;

namespace BlueGreen.Demo.Load;

/// <summary>Posts live payloads to the endpoint, as a client of the model would; the platform is only known by its response headers.</summary>
internal sealed class InferenceSender(HttpClient http, Uri target, IReadOnlyList<byte[]> payloads, RunClock clock) : IRequestSender
{
    private const int MostConnections = 1_024;
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    public static HttpClient CreateClient() => new(new SocketsHttpHandler
    {
        MaxConnectionsPerServer = MostConnections,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        ActivityHeadersPropagator = null,
    })
    {
        // Patient: a request that a slow model answers late is late, not failed; its latency says so.
        Timeout = TimeSpan.FromSeconds(30),
    };

    public async Task<RequestRecord> SendAsync(int index, long due)
    {
        var content = new ByteArrayContent(payloads[index % payloads.Count]);
        content.Headers.ContentType = Json;
        using var request = new HttpRequestMessage(HttpMethod.Post, target) { Content = content };
        var sent = clock.Now;
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            var nullScore = await HoldsNullAsync(response.Content);
            var headers = response.Headers.NonValidated;
            return new RequestRecord(
                due, sent, clock.Now, (int)response.StatusCode,
                First(headers, "X-BlueGreen-Environment"), First(headers, "X-BlueGreen-Model-Version"), First(headers, "X-BlueGreen-Epoch"),
                nullScore, null);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or OperationCanceledException)
        {
            return new RequestRecord(due, sent, clock.Now, 0, null, null, null, false, Describe(failure));
        }
    }

    private static async Task<bool> HoldsNullAsync(HttpContent content)
    {
        await using var body = await content.ReadAsStreamAsync();
        var buffer = ArrayPool<byte>.Shared.Rent(4_096);
        try
        {
            var scan = new NullScan();
            while (await body.ReadAsync(buffer) is > 0 and var read) scan.Add(buffer.AsSpan(0, read));
            return scan.Found;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static string? First(HttpHeadersNonValidated headers, string name) =>
        headers.TryGetValues(name, out var values) ? values.ToString() : null;

    private static string Describe(Exception failure) =>
        $"{failure.GetType().Name}: {failure.Message}{(failure.InnerException is { } inner ? $" ({inner.Message})" : "")}";
}
