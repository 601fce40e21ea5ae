using System.Net;
using BlueGreen.Contracts;
using BlueGreen.Router.Proxy;
using BlueGreen.Router.Routing;
using Microsoft.Extensions.Options;

namespace BlueGreen.Router.Reverting;

/// <summary>Whether an environment can take the traffic back.</summary>
internal sealed class StandbyProbe(UpstreamClient upstream, StandbyHealth health, IOptions<RouterOptions> options, TimeProvider clock)
{
    /// <summary>
    /// Asks all replicas at once and returns with the first that is ready. One that does not answer in time counts as it was seen last:
    /// a busy machine must not be what keeps traffic on a bad model.
    /// </summary>
    public async Task<bool> IsAnyReadyAsync(RouteTarget standby, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(options.Value.ProbeTimeout, clock);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        var probes = standby.Replicas.Select(replica => ProbeAsync(standby, replica, limit.Token)).ToList();
        while (probes.Count > 0)
        {
            var finished = await Task.WhenAny(probes);
            probes.Remove(finished);
            if (!await finished) continue;
            await limit.CancelAsync();
            return true;
        }

        return false;
    }

    private async Task<bool> ProbeAsync(RouteTarget environment, Replica replica, CancellationToken cancellationToken)
    {
        var isOpenInference = environment.Protocol == "open-inference-v2";
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(replica.Address, isOpenInference ? "v2/health/ready" : ""))
        {
            Version = HttpVersion.Version11,
        };
        try
        {
            using var response = await upstream.Invoker.SendAsync(request, cancellationToken);
            // Other protocols have no common readiness: that the server answers is all there is to ask.
            var isReady = response.IsSuccessStatusCode || !isOpenInference;
            health.Seen(replica.Address, isReady, clock.GetUtcNow());
            return isReady;
        }
        catch (HttpRequestException)
        {
            health.Seen(replica.Address, false, clock.GetUtcNow());
            return false;
        }
        catch (OperationCanceledException)
        {
            return health.WasReadyLately(replica.Address, clock.GetUtcNow());
        }
    }
}
