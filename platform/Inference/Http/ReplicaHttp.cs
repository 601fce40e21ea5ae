using System.Net.Http.Headers;
using Microsoft.Extensions.Options;

namespace BlueGreen.Platform.Inference.Http;

/// <summary>Requests to model servers: whatever happens is data, only the caller's own cancellation is an exception.</summary>
internal sealed class ReplicaHttp(IHttpClientFactory clients, TimeProvider time, IOptions<InferenceOptions> options)
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    /// <summary>One for all requests: its handler lives as long as the process.</summary>
    private readonly Lazy<HttpClient> _client = new(() => clients.CreateClient(InferenceServices.HttpClient));

    public Task<Exchange> GetAsync(Uri address, CancellationToken cancellationToken) =>
        ExchangeAsync(HttpMethod.Get, address, null, cancellationToken);

    public Task<Exchange> PostAsync(Uri address, InferencePayload payload, CancellationToken cancellationToken) =>
        ExchangeAsync(HttpMethod.Post, address, payload, cancellationToken);

    /// <summary>Sends a request and hands the answer's body on while it arrives.</summary>
    /// <param name="address">Where to.</param>
    /// <param name="payload">What.</param>
    /// <param name="read">Reads the body of an answer with a success status; gets the time at which the request was sent.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public async Task<InferenceReply> StreamAsync(
        Uri address, InferencePayload payload, Func<HttpResponseMessage, long, CancellationToken, Task<InferenceReply>> read,
        CancellationToken cancellationToken)
    {
        InferenceReply? reply = null;
        var exchange = await AttemptAsync(async (start, token) =>
        {
            using var request = Request(HttpMethod.Post, address, payload);
            using var response = await _client.Value.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token);
            if (response.IsSuccessStatusCode) reply = await read(response, start, token);
            return Answered(response, default, start);
        }, cancellationToken);
        return exchange.Error is null && reply is not null ? reply : exchange.ToFailure();
    }

    private Task<Exchange> ExchangeAsync(
        HttpMethod method, Uri address, InferencePayload? payload, CancellationToken cancellationToken) =>
        AttemptAsync(async (start, token) =>
        {
            using var request = Request(method, address, payload);
            using var response = await _client.Value.SendAsync(request, token);
            var body = await response.Content.ReadAsByteArrayAsync(token);
            return Answered(response, body, start);
        }, cancellationToken);

    private async Task<Exchange> AttemptAsync(Func<long, CancellationToken, Task<Exchange>> attempt, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(options.Value.RequestTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var start = time.GetTimestamp();
        try
        {
            return await attempt(start, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Unanswered(start, $"no answer within {options.Value.RequestTimeout.TotalSeconds:0.###} s") with { TimedOut = true };
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            return Unanswered(start, failure.Message) with { ConnectionLost = IsConnection(failure) };
        }
    }

    private static HttpRequestMessage Request(HttpMethod method, Uri address, InferencePayload? payload) => new(method, address)
    {
        Content = payload is null
            ? null
            : new ReadOnlyMemoryContent(payload.Body) { Headers = { ContentType = MediaType(payload) } },
    };

    private static MediaTypeHeaderValue MediaType(InferencePayload payload) =>
        payload.MediaType == Json.MediaType ? Json : new MediaTypeHeaderValue(payload.MediaType);

    private Exchange Answered(HttpResponseMessage response, byte[]? body, long start)
    {
        var status = (int)response.StatusCode;
        return new(
            status, body, response.Content.Headers.ContentType?.MediaType, time.GetElapsedTime(start),
            response.IsSuccessStatusCode ? null : $"status {status}");
    }

    private Exchange Unanswered(long start, string error) => new(null, default, null, time.GetElapsedTime(start), error);

    /// <summary>An answer that is too large came over a connection in good health.</summary>
    private static bool IsConnection(Exception failure) =>
        failure is not HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded };
}
