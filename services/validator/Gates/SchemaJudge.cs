using System.Text.Json;
using BlueGreen.Contracts;
using BlueGreen.Judging.Evidence;

namespace BlueGreen.Validator.Gates;

/// <summary>
/// Gate <c>schema</c>: every request carries each input that green declares, in its datatype and shape; green's answers have a score per
/// row; and, where blue declares its own, green asks for nothing that blue's callers do not send and gives everything they read.
/// </summary>
internal sealed class SchemaJudge(ModelMetadataReader metadata, TimeProvider time)
{
    /// <summary>What the gate counts.</summary>
    public const string Unit = "faults";

    private const int MostAnswers = 20;
    private const int MostFaultsNamed = 5;

    public async Task<GateResult> JudgeAsync(GateSubject subject, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var (green, why) = await metadata.ReadAsync(subject.Green, cancellationToken);
        if (green is null) return Unmeasured.Of(GateNames.Schema, Unit, 0, $"green: {why}");
        var faults = new List<string>();
        if (subject.Blue is { } side)
        {
            var (blue, whyNot) = await metadata.ReadAsync(side, cancellationToken);
            if (blue is null) return Unmeasured.Of(GateNames.Schema, Unit, 0, $"blue: {whyNot}");
            faults.AddRange(Missing("input", green.Inputs, "blue's callers do not send it", blue.Inputs));
            faults.AddRange(Missing("output", blue.Outputs, "green does not give it", green.Outputs));
        }

        if (subject.RequestsAreReal) faults.AddRange(Requests(subject, green));
        faults.AddRange(await AnswersAsync(subject, cancellationToken));
        return Conclude(subject, faults) with { Duration = time.GetElapsedTime(started) };
    }

    private static IEnumerable<string> Missing(string kind, IReadOnlyList<TensorShape> wanted, string whenMissing, IReadOnlyList<TensorShape> given) =>
        from tensor in wanted
        let other = given.FirstOrDefault(candidate => candidate.Name == tensor.Name)
        where other is null || !tensor.Takes(other)
        select other is null ? $"{kind} {tensor.Name}: {whenMissing}" : $"{kind} {tensor.Name}: {tensor} and {other} do not fit";

    private static IEnumerable<string> Requests(GateSubject subject, ModelMetadata green) => subject.Requests.Payloads
        .SelectMany(payload => Missing("input", green.Inputs, "the requests do not carry it", TensorShape.ReadAll(JsonElement.Parse(payload.Body.Span), "inputs")))
        .Distinct().Take(MostFaultsNamed + 1);

    private static async Task<IEnumerable<string>> AnswersAsync(GateSubject subject, CancellationToken cancellationToken)
    {
        var faults = new List<string>();
        foreach (var payload in subject.Requests.Payloads.Take(MostAnswers))
        {
            var reply = await subject.Green.Protocol.InferAsync(subject.Green.Targets[0], payload, cancellationToken);
            if (!reply.Succeeded) faults.Add($"an answer is none: {reply.Error}");
            else if (reply.Scores.Count % payload.Rows != 0) faults.Add($"an answer to {payload.Rows} rows has {reply.Scores.Count} values");
            else if (reply.Scores.All(score => score is null)) faults.Add("an answer has no numeric output");
        }

        return faults.Distinct();
    }

    private static GateResult Conclude(GateSubject subject, List<string> faults) => new()
    {
        Gate = GateNames.Schema,
        Verdict = faults.Count == 0 ? Verdict.Passed : Verdict.Failed,
        Value = faults.Count,
        Threshold = 0,
        Unit = Unit,
        Samples = subject.Requests.Payloads.Count,
        Summary = faults.Count == 0
            ? $"inputs and outputs fit {subject.Requests.Payloads.Count} requests{(subject.Blue is null ? "" : " and blue's")}"
            : string.Join("; ", faults.Take(MostFaultsNamed)) + (faults.Count > MostFaultsNamed ? "; …" : ""),
    };
}
