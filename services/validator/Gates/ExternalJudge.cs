using BlueGreen.Contracts;
using BlueGreen.Judging.Evidence;
using BlueGreen.Validator.Metrics;
using Microsoft.Extensions.Options;

namespace BlueGreen.Validator.Gates;

/// <summary>Gates <c>external-…</c>: a monitoring system's number against limits. Asked again when there is none; no number is Inconclusive.</summary>
internal sealed class ExternalJudge(MetricSources sources, TimeProvider time, IOptions<GateOptions> options)
{
    public async Task<GateEvidence> JudgeAsync(ExternalGate gate, GateSubject subject, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var sample = await sources.ReadAsync(gate.Source, subject.Command.Endpoint, subject.Command.Green, cancellationToken);
        for (var left = options.Value.HealthTries - 1; sample.Value is null && left > 0; left--)
        {
            await Task.Delay(options.Value.HealthPause, time, cancellationToken);
            sample = await sources.ReadAsync(gate.Source, subject.Command.Endpoint, subject.Command.Green, cancellationToken);
        }

        var evidence = new ExternalEvidence { Value = sample.Value, Why = sample.Why };
        var result = evidence.Judge(gate) with { Duration = time.GetElapsedTime(started) };
        return GateEvidence.Of($"{GateNames.External}{gate.Name}", result) with { External = evidence };
    }
}
