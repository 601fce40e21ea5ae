using BlueGreen.Judging.Evidence;
using BlueGreen.Platform.Inference;

namespace BlueGreen.Validator.Gates;

/// <summary>One colour while it is asked, look by look.</summary>
internal sealed class SampledSide(ScoreSampler sampler, Side side, Slices? slices)
{
    private OutputLayout? _layout;

    /// <summary>All that was answered so far.</summary>
    public SideScores Scores { get; private set; } = SideScores.Empty;

    /// <summary>Rows that were asked for so far.</summary>
    public int Asked { get; private set; }

    public async Task AskAsync(IReadOnlyList<InferencePayload> payloads, Action<InferenceReply> observe, CancellationToken cancellationToken)
    {
        if (payloads.Count == 0) return;
        var sample = await sampler.SampleAsync(side, payloads, observe, cancellationToken);
        _layout ??= OutputLayout.Of(sample.Answers);
        Scores = sample.AddTo(Scores, _layout, slices);
        Asked += payloads.Sum(payload => payload.Rows);
    }
}
