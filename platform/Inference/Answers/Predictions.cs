namespace BlueGreen.Platform.Inference.Answers;

/// <summary>What an answer predicts: the model's outputs, the one that is judged first.</summary>
internal sealed class Predictions(IReadOnlyList<PredictedOutput> outputs)
{
    /// <summary>An answer in which there is nothing.</summary>
    public static Predictions None { get; } = new([]);

    /// <summary>True when a prediction is null, or there is none at all.</summary>
    public bool AnyNull => outputs is not [var first, ..]
        || first.Scores.Count + first.Labels.Count == 0 || first.Scores.Contains(null) || first.Labels.Contains(null);

    /// <summary>The outputs, the first of them with a null for every row that got no prediction.</summary>
    public IReadOnlyList<PredictedOutput> Owed(int rows)
    {
        var first = outputs.Count > 0 ? outputs[0] : new PredictedOutput("", [], []);
        if (outputs.Count > 0 && first.Scores.Count + first.Labels.Count >= rows) return outputs;
        return [Padded(first, rows), .. outputs.Skip(1)];
    }

    private static PredictedOutput Padded(PredictedOutput output, int rows) => output.Labels.Count > 0
        ? output with { Labels = [.. output.Labels, .. new string?[Math.Max(0, rows - output.Labels.Count)]] }
        : output with { Scores = [.. output.Scores, .. new double?[Math.Max(0, rows - output.Scores.Count)]] };
}
