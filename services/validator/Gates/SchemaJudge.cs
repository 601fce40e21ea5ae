using System.Text.Json;
using BlueGreen.Contracts;
using BlueGreen.Judging.Evidence;
using BlueGreen.Platform.Inference;

namespace BlueGreen.Validator.Gates;

/// <summary>
/// Gate <c>schema</c>: every request carries each input that green declares, in its datatype and shape; green's answers have a score or a label per
/// row; and, where blue declares its own, green asks for nothing that blue's callers do not send and gives everything they read.
/// </summary>
internal sealed class SchemaJudge(TimeProvider time)
{
    /// <summary>What the gate counts.</summary>
    public const string Unit = "faults";

    private const int MostAnswers = 20;
    private const int MostFaultsNamed = 5;

    public async Task<GateResult> JudgeAsync(GateSubject subject, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var reading = await ModelMetadataReading.OfAsync(subject.Green, cancellationToken);
        if (reading.Metadata is not { } green) return Nothing("green", reading);
        var faults = new List<string>();
        var blue = subject.Blue is { } side ? await ModelMetadataReading.OfAsync(side, cancellationToken) : null;
        if (blue is { Metadata: null, IsOffered: true }) return Nothing("blue", blue);
        if (blue?.Metadata is { } declared)
        {
            faults.AddRange(Missing("input", green.Inputs, "blue's callers do not send it", declared.Inputs));
            faults.AddRange(Missing("output", declared.Outputs, "green does not give it", green.Outputs));
        }

        if (subject.RequestsAreReal) faults.AddRange(Requests(subject, green));
        faults.AddRange(await AnswersAsync(subject, cancellationToken));
        return Conclude(subject, faults, blue) with { Duration = time.GetElapsedTime(started) };
    }

    /// <summary>What the protocol does not know cannot be asked for; what a server does not tell can.</summary>
    private static GateResult Nothing(string colour, ModelMetadataReading reading) => reading.IsOffered
        ? Unmeasured.Of(GateNames.Schema, Unit, 0, $"{colour}: {reading.Why}")
        : Unmeasured.Of(GateNames.Schema, Unit, 0, $"{colour}: {reading.Why}") with { Verdict = Verdict.NotApplicable };

    private static IEnumerable<string> Missing(string kind, IReadOnlyList<TensorShape> wanted, string whenMissing, IReadOnlyList<TensorShape> given) =>
        from tensor in wanted
        let other = given.FirstOrDefault(candidate => candidate.Name == tensor.Name)
        where other is null || !tensor.Takes(other)
        select other is null ? $"{kind} {tensor.Name}: {whenMissing}" : $"{kind} {tensor.Name}: {tensor} and {other} do not fit";

    private static IEnumerable<string> Requests(GateSubject subject, ModelMetadata green) => subject.Requests.Payloads
        .SelectMany(payload => subject.Green.Protocol.Name == ProtocolNames.TensorFlowServing
            ? TensorFlowRows.Missing(green.Inputs, JsonElement.Parse(payload.Body.Span)).Select(input => $"input {input}: the requests do not carry it")
            : Missing("input", green.Inputs, "the requests do not carry it", TensorShape.ReadAll(JsonElement.Parse(payload.Body.Span), "inputs")))
        .Distinct().Take(MostFaultsNamed + 1);

    private static async Task<IEnumerable<string>> AnswersAsync(GateSubject subject, CancellationToken cancellationToken)
    {
        var faults = new List<string>();
        foreach (var payload in subject.Requests.Payloads.Take(MostAnswers))
        {
            var reply = await subject.Green.Protocol.InferAsync(subject.Green.Targets[0], payload, cancellationToken);
            if (!reply.Succeeded) faults.Add($"an answer is none: {reply.Error}");
            else if ((reply.Scores.Count + reply.Labels.Count) % payload.Rows != 0)
                faults.Add($"an answer to {payload.Rows} rows has {reply.Scores.Count + reply.Labels.Count} values");
            else if (reply.Scores.All(score => score is null) && reply.Labels.All(label => label is null)) faults.Add("an answer predicts nothing");
        }

        return faults.Distinct();
    }

    private static GateResult Conclude(GateSubject subject, List<string> faults, ModelMetadataReading? blue) => new()
    {
        Gate = GateNames.Schema,
        Verdict = faults.Count == 0 ? Verdict.Passed : Verdict.Failed,
        Value = faults.Count,
        Threshold = 0,
        Unit = Unit,
        Samples = subject.Requests.Payloads.Count,
        Summary = faults.Count == 0
            ? $"inputs and outputs fit {subject.Requests.Payloads.Count} requests{(blue is null ? "" : blue.Metadata is null ? $"; blue: {blue.Why}" : " and blue's")}"
            : string.Join("; ", faults.Take(MostFaultsNamed)) + (faults.Count > MostFaultsNamed ? "; …" : ""),
    };
}
