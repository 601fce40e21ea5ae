using BlueGreen.Contracts;
using BlueGreen.Judging.Evidence;
using BlueGreen.Platform.Load;
using BlueGreen.Validator.Features;
using Microsoft.Extensions.Options;

namespace BlueGreen.Validator.Gates;

/// <summary>
/// Runs the gates a policy asks for, one measurement after the other: two loads at once would measure each other. Within a gate, replicas
/// (health) and environments (distribution) are asked at the same time. Everything sent to green counts for the error rate, which is
/// therefore judged last.
/// </summary>
internal sealed class GateSequence(
    HealthJudge health, SchemaJudge schema, CompatibilityJudge compatibility, GreenLoad load, GoldenJudge golden, DistributionJudge distribution,
    PairedJudge paired, FeatureJudge features, ExternalJudge external, TimeProvider time, IOptions<GateOptions> options)
{
    /// <summary>One per gate asked for, with a result for each of its limits.</summary>
    public async Task<IReadOnlyList<GateEvidence>> RunAsync(GateSubject subject, CancellationToken cancellationToken)
    {
        var gates = subject.Command.Gates;
        var judged = new List<GateEvidence>();
        if (gates.Health is not null) judged.Add(GateEvidence.Of(GateNames.Health, await health.JudgeAsync(subject.Green, cancellationToken)));
        if (judged.SelectMany(gate => gate.Results).Any(result => result.Verdict != Verdict.Passed))
            return [.. judged, .. NotMeasured(gates, "green is not ready")];
        if (subject.Green.Targets.Count == 0) return [.. judged, .. NotMeasured(gates, "green has no replicas")];

        if (gates.Schema is not null) judged.Add(GateEvidence.Of(GateNames.Schema, await schema.JudgeAsync(subject, cancellationToken)));
        if (gates.Compatibility is { } versions)
            judged.Add(GateEvidence.Of(GateNames.Compatibility, await compatibility.JudgeAsync(versions, subject, cancellationToken)));
        var tally = new RequestTally();
        var started = time.GetTimestamp();
        if (await UnderLoadAsync(subject, tally, cancellationToken) is { } latency) judged.Add(latency);
        var others = new List<GateEvidence>();
        if (gates.Golden is { } file) others.Add(await golden.JudgeAsync(file, subject.Green, tally, cancellationToken));
        if (gates.Distribution is { } gate) others.Add(await distribution.JudgeAsync(gate, subject, tally, cancellationToken));
        if (gates.Paired is { } pairs) others.Add(await paired.JudgeAsync(pairs, subject, tally, cancellationToken));
        if (gates.Features is { } carried) others.Add(await features.JudgeAsync(carried, subject, cancellationToken));
        others.AddRange(await Task.WhenAll((gates.External ?? []).Select(outside => external.JudgeAsync(outside, subject, cancellationToken))));
        if (gates.ErrorRate is { } errorRate) judged.Add(Judge(errorRate, tally, time.GetElapsedTime(started)));
        return [.. judged, .. others];
    }

    /// <returns>Null when no latency is asked for: the load then only fills the tally.</returns>
    private async Task<GateEvidence?> UnderLoadAsync(GateSubject subject, RequestTally tally, CancellationToken cancellationToken)
    {
        var gates = subject.Command.Gates;
        if (gates.Latency is null && gates.ErrorRate is null) return null;
        if (subject.Requests.Error is { } error)
            return gates.Latency is { } unmeasured ? GateEvidence.Of(GateNames.Latency, LatencyEvidence.Nothing(unmeasured, error)) : null;
        var requests = gates.Latency is { } asked ? Math.Max(asked.Requests, LatencyEvidence.Fewest(asked)) : options.Value.ErrorRateRequests;
        var evidence = LoadEvidence.Of(await load.RunAsync(subject, requests, tally, cancellationToken));
        return gates.Latency is { } latency ? GateEvidence.Of(GateNames.Latency, evidence.Judge(latency)) with { Latency = evidence } : null;
    }

    private static GateEvidence Judge(ErrorRateGate gate, RequestTally tally, TimeSpan duration)
    {
        var evidence = LoadEvidence.Of(tally);
        return GateEvidence.Of(GateNames.ErrorRate, evidence.Judge(gate) with { Duration = duration }) with { ErrorRate = evidence };
    }

    private static IEnumerable<GateEvidence> NotMeasured(GatePolicy gates, string why)
    {
        if (gates.Latency is { } latency) yield return GateEvidence.Of(GateNames.Latency, LatencyEvidence.Nothing(latency, why));
        if (gates.ErrorRate is { } errorRate)
            yield return GateEvidence.Of(GateNames.ErrorRate, Unmeasured.Of(GateNames.ErrorRate, "share", errorRate.Max, why));
        if (gates.Schema is not null) yield return GateEvidence.Of(GateNames.Schema, Unmeasured.Of(GateNames.Schema, SchemaJudge.Unit, 0, why));
        if (gates.Compatibility is not null)
            yield return GateEvidence.Of(GateNames.Compatibility, CompatibilityJudge.Nothing(why));
        if (gates.Golden is { } golden) yield return GateEvidence.Of(GateNames.Golden, GoldenEvidence.Nothing(golden, why));
        if (gates.Distribution is { } distribution)
            yield return GateEvidence.Of(GateNames.Distribution, DistributionEvidence.Nothing(distribution, why));
        if (gates.Paired is { } paired) yield return GateEvidence.Of(GateNames.Paired, PairedEvidence.Nothing(paired, why));
        if (gates.Features is { } features) yield return GateEvidence.Of(GateNames.Features, FeatureEvidence.Nothing(features, why));
        foreach (var outside in gates.External ?? [])
            yield return GateEvidence.Of($"{GateNames.External}{outside.Name}", ExternalEvidence.Nothing(outside, why));
    }
}
