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
    /// <summary>A score per row; null: missing.</summary>
    public IEnumerable<double?> Rows => Enumerable.Range(0, Payload.Rows).Select(row => row < Reply.Scores.Count ? Reply.Scores[row] : null);

    /// <summary>Predictions owed that did not come: null ones, and those of a failed request.</summary>
    public int Missing => Reply.Succeeded ? Reply.NullPredictions : Payload.Rows;
}

/// <summary>Answers of one environment, in the order of the payloads.</summary>
internal sealed record ScoreSample(IReadOnlyList<Answer> Answers)
{
    /// <summary>What was known of the side before, and these.</summary>
    public SideScores AddTo(SideScores side, Slices? slices) => new()
    {
        Scores = [.. side.Scores, .. Answers.SelectMany(answer => answer.Reply.Scores).OfType<double>()],
        SliceOf = slices is null
            ? null
            : [.. side.SliceOf ?? [], .. Answers.SelectMany(answer => Enumerable.Repeat(slices.Of(answer.Payload), answer.Reply.Scores.Count(score => score is not null)))],
        Labels = [.. side.Labels, .. Answers.SelectMany(answer => answer.Reply.Labels).OfType<string>()],
        Missing = side.Missing + Answers.Sum(answer => answer.Missing),
        Error = side.Error ?? Answers.Select(answer => answer.Reply.Error).FirstOrDefault(error => error is not null),
    };
}
