using System.Net.Http.Json;
using System.Text.Json;
using BlueGreen.Platform.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BlueGreen.Platform.Traffic;

/// <summary>Asks every router's control surface: <c>GET /routes/{endpoint}/peak</c>. Routers share the traffic, so their peaks add up.</summary>
internal sealed class RouterTraffic(
    IHttpClientFactory clients, IOptionsMonitor<ServiceAddresses> addresses, ILogger<RouterTraffic> logger) : IObservedTraffic
{
    public const string HttpClient = "platform-router-traffic";

    public async Task<TrafficPeak?> PeakAsync(string endpoint, CancellationToken cancellationToken)
    {
        var answers = await Task.WhenAll(addresses.CurrentValue.RouterUrls.Select(router => AskAsync(router, endpoint, cancellationToken)));
        var seen = answers.OfType<TrafficPeak>().ToArray();
        var peak = new TrafficPeak(seen.Sum(one => one.RequestsPerSecond), seen.Sum(one => one.Concurrency));
        return peak.RequestsPerSecond > 0 ? peak : null;
    }

    private async Task<TrafficPeak?> AskAsync(Uri router, string endpoint, CancellationToken cancellationToken)
    {
        try
        {
            using var client = clients.CreateClient(HttpClient);
            using var answer = await client.GetAsync(new Uri(router, $"routes/{Uri.EscapeDataString(endpoint)}/peak"), cancellationToken);
            // An endpoint's first deployment has no route yet.
            return answer.IsSuccessStatusCode ? await answer.Content.ReadFromJsonAsync<TrafficPeak>(cancellationToken) : null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            logger.PeakUnknown(endpoint, router, "no answer in time");
        }
        catch (Exception failure) when (failure is HttpRequestException or JsonException)
        {
            logger.PeakUnknown(endpoint, router, failure.Message);
        }

        return null;
    }
}
