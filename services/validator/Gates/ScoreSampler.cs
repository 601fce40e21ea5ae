using System.Collections.Concurrent;
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
        var replies = new ConcurrentBag<(InferenceReply Reply, int Owed)>();
        var parallel = new ParallelOptions
        {
            CancellationToken = cancellationToken,
            MaxDegreeOfParallelism = options.Value.SamplingConcurrency,
        };
        await Parallel.ForAsync(0, payloads.Count, parallel, async (i, token) =>
        {
            var reply = await side.Protocol.InferAsync(side.Targets[i % side.Targets.Count], payloads[i], token);
            observe(reply);
            replies.Add((reply, payloads[i].Rows));
        });
        return ScoreSample.Of(replies);
    }
}

/// <summary>Scores of one environment.</summary>
/// <param name="Scores">The finite ones.</param>
/// <param name="Missing">Predictions owed that did not come: null ones, and those of failed requests.</param>
/// <param name="Error">An example of a failed request's error; null when none failed.</param>
internal sealed record ScoreSample(IReadOnlyList<double> Scores, int Missing, string? Error)
{
    public static ScoreSample Empty { get; } = new([], 0, null);

    public double MissingShare => Scores.Count + Missing == 0 ? 0 : (double)Missing / (Scores.Count + Missing);

    public static ScoreSample Of(IReadOnlyCollection<(InferenceReply Reply, int Owed)> replies) => new(
        [.. replies.SelectMany(pair => pair.Reply.Scores).OfType<double>()],
        replies.Sum(pair => pair.Reply.Succeeded ? pair.Reply.NullPredictions : pair.Owed),
        replies.Select(pair => pair.Reply.Error).FirstOrDefault(error => error is not null));

    public ScoreSample With(ScoreSample more) => new([.. Scores, .. more.Scores], Missing + more.Missing, Error ?? more.Error);
}
