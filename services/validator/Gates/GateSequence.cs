using BlueGreen.Contracts;
using BlueGreen.Platform.Load;
using Microsoft.Extensions.Options;

namespace BlueGreen.Validator.Gates;

/// <summary>
/// Runs the gates a policy asks for, one measurement after the other: two loads at once would measure each other. Within a gate, replicas
/// (health) and environments (distribution) are asked at the same time. Everything sent to green counts for the error rate, which is
/// therefore judged last.
/// </summary>
internal sealed class GateSequence(
    HealthJudge health, SchemaJudge schema, GreenLoad load, GoldenJudge golden, DistributionJudge distribution, PairedJudge paired,
    ExternalJudge external, TimeProvider time, IOptions<GateOptions> options)
{
    /// <summary>One result per gate asked for, and per percentile of the latency gate.</summary>
    public async Task<IReadOnlyList<GateResult>> RunAsync(GateSubject subject, CancellationToken cancellationToken)
    {
        var gates = subject.Command.Gates;
        var results = new List<GateResult>();
        if (gates.Health is not null) results.Add(await health.JudgeAsync(subject.Green, cancellationToken));
        if (results.Exists(result => result.Verdict != Verdict.Passed))
            return [.. results, .. NotMeasured(gates, "green is not ready")];
        if (subject.Green.Targets.Count == 0) return [.. results, .. NotMeasured(gates, "green has no replicas")];

        if (gates.Schema is not null) results.Add(await schema.JudgeAsync(subject, cancellationToken));
        var tally = new RequestTally();
        var started = time.GetTimestamp();
        results.AddRange(await UnderLoadAsync(subject, tally, cancellationToken));
        IReadOnlyList<GateResult> known = gates.Golden is { } file ? await golden.JudgeAsync(file, subject.Green, tally, cancellationToken) : [];
        GateResult? compared = gates.Distribution is { } gate
            ? await distribution.JudgeAsync(gate, subject, tally, cancellationToken)
            : null;
        GateResult? sameRequests = gates.Paired is { } pairs ? await paired.JudgeAsync(pairs, subject, tally, cancellationToken) : null;
        var asked = await Task.WhenAll((gates.External ?? []).Select(outside => external.JudgeAsync(outside, subject, cancellationToken)));
        if (gates.ErrorRate is { } errorRate) results.Add(ErrorRateJudge.Judge(errorRate, tally, time.GetElapsedTime(started)));
        results.AddRange(known);
        if (compared is not null) results.Add(compared);
        if (sameRequests is not null) results.Add(sameRequests);
        results.AddRange(asked);
        return results;
    }

    private async Task<IEnumerable<GateResult>> UnderLoadAsync(
        GateSubject subject, RequestTally tally, CancellationToken cancellationToken)
    {
        var gates = subject.Command.Gates;
        if (gates.Latency is null && gates.ErrorRate is null) return [];
        if (subject.Requests.Error is { } error) return gates.Latency is null ? [] : LatencyJudge.Inconclusive(gates.Latency, error);
        var requests = gates.Latency?.Requests ?? options.Value.ErrorRateRequests;
        var result = await load.RunAsync(subject, requests, tally, cancellationToken);
        return gates.Latency is null ? [] : LatencyJudge.Judge(gates.Latency, result);
    }

    private static IEnumerable<GateResult> NotMeasured(GatePolicy gates, string why)
    {
        if (gates.Latency is { } latency)
            foreach (var result in LatencyJudge.Inconclusive(latency, why)) yield return result;
        if (gates.ErrorRate is { } errorRate) yield return Unmeasured.Of(GateNames.ErrorRate, "share", errorRate.Max, why);
        if (gates.Schema is not null) yield return Unmeasured.Of(GateNames.Schema, SchemaJudge.Unit, 0, why);
        foreach (var result in gates.Golden is { } golden ? GoldenJudge.NotMeasured(golden, why) : []) yield return result;
        if (gates.Distribution is { } distribution) yield return DistributionJudge.Nothing(distribution, why);
        if (gates.Paired is { } paired) yield return PairedJudge.Nothing(paired, why);
        foreach (var outside in gates.External ?? []) yield return ExternalJudge.Nothing(outside, why);
    }
}
