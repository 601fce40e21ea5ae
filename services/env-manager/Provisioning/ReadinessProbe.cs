using System.Net;
using Microsoft.Extensions.Options;

namespace BlueGreen.EnvManager.Provisioning;

/// <summary>
/// Readiness as the Open Inference Protocol v2 has it: <c>GET v2/health/ready</c> and <c>GET v2/models/{model}/ready</c>, 200 when so.
/// </summary>
internal sealed class ReadinessProbe(IHttpClientFactory clients, IOptions<EnvManagerOptions> options, TimeProvider time)
{
    /// <summary>Name of the HTTP client.</summary>
    public const string ClientName = "env-manager-readiness";

    /// <summary>True when ready; false when the replica ended first. Waits until one of both, or cancellation.</summary>
    public async Task<bool> WaitAsync(Uri address, string model, Func<bool> isRunning, CancellationToken cancellationToken)
    {
        var pause = options.Value.ProbeInterval;
        while (true)
        {
            // In this order: who answers on the port of a dead replica is somebody else.
            var ready = await IsReadyAsync(address, model, cancellationToken);
            if (!isRunning()) return false;
            if (ready) return true;
            await Task.Delay(pause, time, cancellationToken);
            pause = pause * 2 < options.Value.ProbeIntervalLimit ? pause * 2 : options.Value.ProbeIntervalLimit;
        }
    }

    /// <summary>Asks once.</summary>
    public async Task<bool> IsReadyAsync(Uri address, string model, CancellationToken cancellationToken) =>
        await AnswersAsync(new Uri(address, "v2/health/ready"), cancellationToken)
        && await AnswersAsync(new Uri(address, $"v2/models/{Uri.EscapeDataString(model)}/ready"), cancellationToken);

    private async Task<bool> AnswersAsync(Uri uri, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(options.Value.ProbeTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            using var response = await clients.CreateClient(ClientName)
                .GetAsync(uri, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return response.StatusCode == HttpStatusCode.OK;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return false;
        }
    }
}
