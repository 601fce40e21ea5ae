using BlueGreen.Contracts;
using BlueGreen.Platform.Inference;
using Microsoft.Extensions.Options;

namespace BlueGreen.EnvManager.Provisioning;

/// <summary>Readiness as the fleet's own protocol has it.</summary>
internal sealed class ReadinessProbe(IInferenceProtocols protocols, IOptions<EnvManagerOptions> options, TimeProvider time)
{
    /// <summary>True when ready; false when the replica ended first. Waits until one of both, or cancellation.</summary>
    public async Task<bool> WaitAsync(
        InferenceTarget target, EnvironmentTemplate template, Func<bool> isRunning, CancellationToken cancellationToken)
    {
        var pause = options.Value.ProbeInterval;
        while (true)
        {
            // In this order: who answers on the port of a dead replica is somebody else.
            var ready = await IsReadyAsync(target, template, cancellationToken);
            if (!isRunning()) return false;
            if (ready) return true;
            await Task.Delay(pause, time, cancellationToken);
            pause = pause * 2 < options.Value.ProbeIntervalLimit ? pause * 2 : options.Value.ProbeIntervalLimit;
        }
    }

    /// <summary>Asks once.</summary>
    public async Task<bool> IsReadyAsync(InferenceTarget target, EnvironmentTemplate template, CancellationToken cancellationToken)
    {
        if (protocols.Find(template.Protocol, template.Inference) is not { } protocol) return false;
        using var limit = new CancellationTokenSource(options.Value.ProbeTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            return (await protocol.ProbeAsync(target, either.Token)).Ready;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
