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
internal sealed record Answer(InferencePayload Payload, InferenceReply Reply);

/// <summary>Answers of one environment, in the order of the payloads.</summary>
internal sealed record ScoreSample(IReadOnlyList<Answer> Answers)
{
    public static ScoreSample Empty { get; } = new([]);

    /// <summary>The finite scores.</summary>
    public IReadOnlyList<double> Scores { get; } = [.. Answers.SelectMany(answer => answer.Reply.Scores).OfType<double>()];

    /// <summary>The labels of a model that answers in words.</summary>
    public IReadOnlyList<string> Labels { get; } = [.. Answers.SelectMany(answer => answer.Reply.Labels).OfType<string>()];

    /// <summary>Predictions of either kind.</summary>
    public int Count => Scores.Count + Labels.Count;

    /// <summary>Predictions owed that did not come: null ones, and those of failed requests.</summary>
    public int Missing { get; } = Answers.Sum(answer => answer.Reply.Succeeded ? answer.Reply.NullPredictions : answer.Payload.Rows);

    /// <summary>An example of a failed request's error; null when none failed.</summary>
    public string? Error { get; } = Answers.Select(answer => answer.Reply.Error).FirstOrDefault(error => error is not null);

    public double MissingShare => Count + Missing == 0 ? 0 : (double)Missing / (Count + Missing);

    public ScoreSample With(ScoreSample more) => new([.. Answers, .. more.Answers]);
}
