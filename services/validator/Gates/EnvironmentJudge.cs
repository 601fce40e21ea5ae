using BlueGreen.Contracts;
using BlueGreen.Judging.Evidence;
using BlueGreen.Platform.Inference;
using BlueGreen.Platform.Traffic;
using BlueGreen.Platform.Work;
using BlueGreen.Validator.Evidence;

namespace BlueGreen.Validator.Gates;

/// <summary>Judges green by the policy's gates and keeps what they judged. Safe to repeat: it only asks for predictions.</summary>
internal sealed class EnvironmentJudge(
    IInferenceProtocols protocols, PayloadSource source, GateSequence gates, EvidenceStore evidence, ValidatorMetrics metrics,
    ILogger<EnvironmentJudge> logger)
    : IWorkHandler<ValidateEnvironment>
{
    public async Task<WorkOutcome> RunAsync(ValidateEnvironment command, IWorkLease lease, CancellationToken cancellationToken)
    {
        if (protocols.Find(command.Green) is not { } protocol)
            return Failed(command, $"protocol '{command.Green.Protocol}' is not one of: {string.Join(", ", protocols.Names)}", []);
        var green = new Side(protocol, InferenceTarget.Of(command.Green));
        var blue = command.Blue is { } fleet && fleet.Replicas.Count > 0 && protocols.Find(fleet) is { } spoken
            ? new Side(spoken, InferenceTarget.Of(fleet))
            : null;
        var requests = await RequestsAsync(command, green, cancellationToken);
        var subject = new GateSubject(command, green, blue, requests, command.Gates.Payloads is not null || command.Gates.Captured);
        return Conclude(command, await gates.RunAsync(subject, cancellationToken));
    }

    /// <summary>No verdict is not a bad one: the deployment faults, and the stage may be tried again.</summary>
    public WorkOutcome GiveUp(ValidateEnvironment command, string reason) => WorkOutcome.Silent;

    private async Task<PayloadFileReading> RequestsAsync(ValidateEnvironment command, Side green, CancellationToken cancellationToken)
    {
        if (command.Gates.Payloads is { } file) return await source.FromFileAsync(file, green.Protocol, cancellationToken);
        if (command.Gates.Captured)
            return await source.CapturedAsync(command.Endpoint, green.Protocol, ValidatorService.ServiceName, "validation", cancellationToken);
        return green.Targets.Count > 0
            && await green.Protocol.SynthesizeAsync(green.Targets[0], cancellationToken) is { } probe
                ? new([probe], null)
                : new([], "the policy names no payloads, and green does not describe its model's inputs");
    }

    private WorkOutcome Conclude(ValidateEnvironment command, IReadOnlyList<GateEvidence> judged)
    {
        GateResult[] results = [.. judged.SelectMany(gate => gate.Results)];
        foreach (var result in results)
        {
            metrics.RecordGate(command.Endpoint, result);
            logger.GateJudged(command.Endpoint, result.Gate, result.Verdict, result.Summary);
        }

        var reason = Decision.WhyNot(results);
        var outcome = reason is null ? Passed(command, results) : Failed(command, reason, results);
        return outcome.AndWrite(evidence.Write(command, judged, reason is null));
    }

    private static WorkOutcome Passed(ValidateEnvironment command, IReadOnlyList<GateResult> results) => WorkOutcome.Publish(new EnvironmentValidated
    {
        DeploymentId = command.DeploymentId,
        Attempt = command.Attempt,
        EnvironmentId = command.Green.EnvironmentId,
        Fingerprint = command.Fingerprint,
        Gates = results,
    });

    private WorkOutcome Failed(ValidateEnvironment command, string reason, IReadOnlyList<GateResult> results)
    {
        logger.ValidationFailed(command.Endpoint, command.DeploymentId, reason);
        return WorkOutcome.Publish(new ValidationFailed
        {
            DeploymentId = command.DeploymentId,
            Attempt = command.Attempt,
            Reason = reason,
            Gates = results,
        });
    }
}
