using BlueGreen.Contracts;
using BlueGreen.Platform.Inference;
using BlueGreen.Platform.Traffic;
using Microsoft.Extensions.Options;

namespace BlueGreen.Prewarmer.Warming;

/// <summary>Finds out what an environment is to be warmed with.</summary>
internal sealed class WarmupPlan(
    IInferenceProtocols protocols, PayloadSource source, ProductionConcurrency production, IOptions<PrewarmerOptions> options,
    ILogger<WarmupPlan> logger)
{
    /// <returns>What to send to whom and in which protocol, or why nothing can be sent.</returns>
    public async Task<(IInferenceProtocol? Protocol, WarmupSubject? Subject, string? Error)> OfAsync(
        WarmEnvironment command, CancellationToken cancellationToken)
    {
        var targets = InferenceTarget.Of(command.Fleet);
        if (targets.Count == 0) return (null, null, "the environment has no replicas");
        if (protocols.Find(command.Fleet) is not { } protocol)
            return (null, null, $"protocol '{command.Fleet.Protocol}' is not one of: {string.Join(", ", protocols.Names)}");

        var payloads = await PayloadsAsync(command, protocol, targets[0], cancellationToken);
        if (payloads.Error is { } error) return (protocol, null, error);
        var cells = WarmupCells.Of(payloads.Payloads, protocol, command.Warmup.MaxBatch, options.Value.MaxShapes);
        if (command.Warmup.MaxBatch > 1 && cells.All(cell => cell.Batch == 1))
            logger.BatchesSkipped(command.Endpoint, command.Warmup.MaxBatch);
        return (protocol, new(command, targets, cells, await production.OfAsync(command, cancellationToken)), null);
    }

    private async Task<PayloadFileReading> PayloadsAsync(
        WarmEnvironment command, IInferenceProtocol protocol, InferenceTarget target, CancellationToken cancellationToken)
    {
        if (command.Warmup.Payloads is { } file) return await source.FromFileAsync(file, protocol, cancellationToken);
        if (command.Warmup.Captured)
        {
            var captured = await source.CapturedAsync(command.Endpoint, protocol, PrewarmerService.ServiceName, "warm-up", cancellationToken);
            if (captured.Error is null) return captured;
            logger.NothingCaptured(command.Endpoint, captured.Error);
        }

        return await protocol.SynthesizeAsync(target, cancellationToken) is { } probe
            ? new([probe], null)
            : new([], $"the policy names no warm-up payloads, and {target.Address} does not describe the inputs of model {target.Model}");
    }
}
