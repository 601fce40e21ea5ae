using System.Net;
using BlueGreen.Contracts;
using BlueGreen.Platform.Inference;
using BlueGreen.Router.Proxy;
using BlueGreen.Router.Routing;
using Microsoft.Extensions.Options;

namespace BlueGreen.Router.Reverting;

/// <summary>Whether an environment can take the traffic back.</summary>
internal sealed class StandbyProbe(
    UpstreamClient upstream, IInferenceProtocols protocols, StandbyHealth health, IOptions<RouterOptions> options, TimeProvider clock)
{
    private const int UnknownFactor = 10;

    /// <summary>
    /// Asks all replicas at once and returns with the first that is ready. One that does not answer in time counts as it was seen last:
    /// a busy machine must not be what keeps traffic on a bad model.
    /// </summary>
    public async Task<bool> IsAnyReadyAsync(RouteTarget standby, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(PatienceWith(standby), clock);
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

    /// <summary>Asks one replica; silence is a no.</summary>
    public async Task<bool> IsReadyAsync(RouteTarget environment, Uri replica, TimeSpan within, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(within, clock);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            return await AskAsync(environment, replica, limit.Token);
        }
        catch (HttpRequestException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private Task<bool> AskAsync(RouteTarget environment, Uri replica, CancellationToken cancellationToken) =>
        environment.Protocol == ProtocolNames.OpenInferenceV2
            ? AnswersAsync(new Uri(replica, "v2/health/ready"), cancellationToken)
            : SpeaksAsync(environment, replica, cancellationToken);

    /// <summary>One question is enough, on a connection that requests keep warm.</summary>
    private async Task<bool> AnswersAsync(Uri address, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address) { Version = HttpVersion.Version11 };
        using var response = await upstream.Invoker.SendAsync(request, cancellationToken);
        return response.IsSuccessStatusCode;
    }

    private async Task<bool> SpeaksAsync(RouteTarget environment, Uri replica, CancellationToken cancellationToken)
    {
        if (protocols.Find(environment.Protocol, environment.Inference) is not { } protocol) return false;
        var readiness = await protocol.ProbeAsync(new InferenceTarget(replica, environment.Model), cancellationToken);
        return readiness.Ready;
    }

    /// <summary>After a restart nothing is known, and nothing compiled: then an answer is worth waiting for.</summary>
    private TimeSpan PatienceWith(RouteTarget standby)
    {
        var now = clock.GetUtcNow();
        var isKnown = standby.Replicas.Any(replica => health.WasReadyLately(standby.EnvironmentId, replica.Address, now) is not null);
        return isKnown ? options.Value.ProbeTimeout : options.Value.ProbeTimeout * UnknownFactor;
    }

    private async Task<bool> ProbeAsync(RouteTarget environment, Replica replica, CancellationToken cancellationToken)
    {
        try
        {
            var isReady = await AskAsync(environment, replica.Address, cancellationToken);
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
            return health.WasReadyLately(environment.EnvironmentId, replica.Address, clock.GetUtcNow()) ?? false;
        }
    }
}
