using BlueGreen.Judging.Evidence;
using BlueGreen.Platform.Inference;
using Microsoft.Extensions.Options;

namespace BlueGreen.Validator.Gates;

/// <summary>Collects scores from one environment, gently: a few requests in flight, never a schedule to keep.</summary>
internal sealed class ScoreSampler(IOptions<GateOptions> options)
{
    /// <param name="side">Who is asked, replica by replica in turn.</param>
    /// <param name="payloads">Each is sent once.</param>
    /// <param name="observe">Hears of every reply; called from several threads.</param>
    /// <param name="cancellationToken">Ends the sampling.</param>
    public async Task<ScoreSample> SampleAsync(
        Side side, IReadOnlyList<InferencePayload> payloads, Action<InferenceReply> observe, CancellationToken cancellationToken)
    {
        var answers = new Answer[payloads.Count];
        var parallel = new ParallelOptions
        {
            CancellationToken = cancellationToken,
            MaxDegreeOfParallelism = options.Value.SamplingConcurrency,
        };
        await Parallel.ForAsync(0, payloads.Count, parallel, async (i, token) =>
        {
            var reply = await side.Protocol.InferAsync(side.Targets[i % side.Targets.Count], payloads[i], token);
            observe(reply);
            answers[i] = new(payloads[i], reply);
        });
        return new(answers);
    }
}

/// <summary>What was asked and what came back.</summary>
internal sealed record Answer(InferencePayload Payload, InferenceReply Reply)
{
    /// <summary>A score per row, of several columns the first; null: missing.</summary>
    public IEnumerable<double?> Rows
    {
        get
        {
            var width = Reply.Scores.Count > 0 && Reply.Scores.Count % Payload.Rows == 0 ? Reply.Scores.Count / Payload.Rows : 1;
            return Enumerable.Range(0, Payload.Rows).Select(row => row * width < Reply.Scores.Count ? Reply.Scores[row * width] : null);
        }
    }
}

/// <summary>Answers of one environment, in the order of the payloads.</summary>
internal sealed record ScoreSample(IReadOnlyList<Answer> Answers)
{
    /// <summary>What was known of the side before, and these.</summary>
    public SideScores AddTo(SideScores side, OutputLayout layout, Slices? slices)
    {
        var read = Answers.Select(answer => (Answer: answer, Outputs: layout.Read(answer))).ToArray();
        var error = side.Error ?? Answers.Select(answer => answer.Reply.Error).FirstOrDefault(found => found is not null);
        var known = side.Others.Prepend(side).ToArray();
        var outputs = read.Length == 0 ? known : [.. Enumerable.Range(0, read[0].Outputs.Count).Select(place => Add(
            known.ElementAtOrDefault(place) ?? SideScores.Empty, [.. read.Select(answer => (answer.Answer, answer.Outputs[place]))], slices, error))];
        return outputs[0] with { Others = [.. outputs.Skip(1)] };
    }

    private static SideScores Add(SideScores side, (Answer Answer, PredictedOutput Output)[] read, Slices? slices, string? error) => new()
    {
        Output = read[0].Output.Name,
        Scores = [.. side.Scores, .. read.SelectMany(answer => answer.Output.Scores).OfType<double>()],
        SliceOf = slices is null ? null : [.. side.SliceOf ?? [], .. read.SelectMany(answer => Enumerable.Repeat(slices.Of(answer.Answer.Payload), Given(answer.Output)))],
        Labels = [.. side.Labels, .. read.SelectMany(answer => answer.Output.Labels).OfType<string>()],
        Missing = side.Missing + read.Sum(answer => Missing(answer.Output, answer.Answer.Payload.Rows)),
        Error = error,
    };

    private static int Given(PredictedOutput output) => output.Scores.Count(score => score is not null) + output.Labels.Count(label => label is not null);

    /// <summary>Predictions owed that did not come: null ones, and those of a failed request.</summary>
    private static int Missing(PredictedOutput output, int rows) =>
        Math.Max(rows, output.Scores.Count + output.Labels.Count) - Given(output);
}
