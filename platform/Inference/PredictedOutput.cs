namespace BlueGreen.Platform.Inference;

/// <summary>One output of a model over all rows of a request: numbers or labels.</summary>
/// <param name="Name">The output's name, or the place where it stands in the answer.</param>
/// <param name="Scores">Row by row; null for what is no finite number. Empty when the output is labels.</param>
/// <param name="Labels">Row by row; null for a missing or empty one. Empty when the output is numbers.</param>
public sealed record PredictedOutput(string Name, IReadOnlyList<double?> Scores, IReadOnlyList<string?> Labels);
