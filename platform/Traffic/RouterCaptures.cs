using System.Net.Http.Json;
using System.Text.Json;
using BlueGreen.Platform.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BlueGreen.Platform.Traffic;

/// <summary>Asks the routers one after the other: all of them read the same store.</summary>
internal sealed class RouterCaptures(
    IHttpClientFactory clients, IOptionsMonitor<ServiceAddresses> addresses, ILogger<RouterCaptures> logger) : ICapturedTraffic
{
    public async Task<IReadOnlyList<CapturedRequest>> ReadAsync(
        string endpoint, int count, string readBy, string purpose, CancellationToken cancellationToken)
    {
        var query = $"routes/{Uri.EscapeDataString(endpoint)}/captures?count={count}&readBy={Uri.EscapeDataString(readBy)}"
            + $"&purpose={Uri.EscapeDataString(purpose)}";
        foreach (var router in addresses.CurrentValue.RouterUrls)
        {
            try
            {
                using var client = clients.CreateClient(RouterTraffic.HttpClient);
                var captures = await client.GetFromJsonAsync<IReadOnlyList<Capture>>(new Uri(router, query), cancellationToken) ?? [];
                return [.. captures.Where(capture => capture.Status is >= 200 and <= 299)
                    .Select(capture => new CapturedRequest(capture.MediaType, capture.Request))];
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                logger.CapturesUnreadable(endpoint, router, "no answer in time");
            }
            catch (Exception failure) when (failure is HttpRequestException or JsonException)
            {
                logger.CapturesUnreadable(endpoint, router, failure.Message);
            }
        }

        return [];
    }

    private sealed record Capture(string MediaType, string Request, int Status);
}
