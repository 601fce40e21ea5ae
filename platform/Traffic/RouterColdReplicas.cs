using BlueGreen.Platform.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BlueGreen.Platform.Traffic;

/// <summary>
/// Tells every router: <c>PUT</c> and <c>DELETE /routes/{endpoint}/cold/{environment}/{replica}</c>. One that cannot be told sends requests to a
/// cold replica, or ends the hold by itself: neither is a reason not to warm it.
/// </summary>
internal sealed class RouterColdReplicas(
    IHttpClientFactory clients, IOptionsMonitor<ServiceAddresses> addresses, TimeProvider time,
    ILogger<RouterColdReplicas> logger) : IColdReplicas
{
    public const string HttpClient = "platform-cold-replicas";

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    public Task HoldAsync(string endpoint, Guid environmentId, int index, CancellationToken cancellationToken) =>
        TellAsync(HttpMethod.Put, endpoint, environmentId, index, cancellationToken);

    public Task ReleaseAsync(string endpoint, Guid environmentId, int index, CancellationToken cancellationToken) =>
        TellAsync(HttpMethod.Delete, endpoint, environmentId, index, cancellationToken);

    private Task TellAsync(HttpMethod method, string endpoint, Guid environmentId, int index, CancellationToken cancellationToken)
    {
        var path = FormattableString.Invariant($"routes/{Uri.EscapeDataString(endpoint)}/cold/{environmentId}/{index}");
        return Task.WhenAll(addresses.CurrentValue.RouterUrls.Select(router => TellAsync(method, endpoint, router, new Uri(router, path), cancellationToken)));
    }

    private async Task TellAsync(HttpMethod method, string endpoint, Uri router, Uri address, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            using var client = clients.CreateClient(HttpClient);
            using var request = new HttpRequestMessage(method, address);
            using var response = await client.SendAsync(request, either.Token);
            if (!response.IsSuccessStatusCode) logger.RouterNotTold(endpoint, router, $"status {(int)response.StatusCode}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            logger.RouterNotTold(endpoint, router, $"no answer within {Timeout.TotalSeconds:0.###} s");
        }
        catch (HttpRequestException failure)
        {
            logger.RouterNotTold(endpoint, router, failure.Message);
        }
    }
}
