using BlueGreen.Platform.Inference;

namespace BlueGreen.Validator.Gates;

/// <summary>
/// The outputs of a model as its first answers show them. One with several values per row is as many columns, each an output of its own; of one
/// with very many (all classes of a large classifier, an embedding) the place of the largest is its label. Where the number of values per row
/// varies, all are one output together.
/// </summary>
internal sealed class OutputLayout
{
    private const int MostColumns = 64;
    private const int Ragged = 0;
    private readonly IReadOnlyList<(string Name, int Width)> _outputs;

    private OutputLayout(IReadOnlyList<(string Name, int Width)> outputs) => _outputs = outputs;

    /// <param name="answers">The first that there are, all of one colour.</param>
    public static OutputLayout Of(IReadOnlyList<Answer> answers)
    {
        var outputs = new List<(string Name, int Width)>();
        foreach (var answer in answers.Where(answer => answer.Reply.Succeeded))
        {
            foreach (var output in Given(answer.Reply))
            {
                var width = WidthOf(output, answer.Payload.Rows);
                var known = outputs.FindIndex(other => other.Name == output.Name);
                if (known < 0) outputs.Add((output.Name, width));
                else if (outputs[known].Width != width) outputs[known] = (output.Name, Ragged);
            }
        }

        var columns = 0;
        return new(outputs.Count == 0 ? [("", 1)] : [.. outputs.TakeWhile(output => (columns += Columns(output.Width)) <= MostColumns || columns == Columns(output.Width))]);
    }

    /// <summary>The answer's values, always for as many outputs: one that the answer does not give has none.</summary>
    public IReadOnlyList<PredictedOutput> Read(Answer answer)
    {
        var given = Given(answer.Reply);
        return [.. _outputs.SelectMany(output => Split(
            given.FirstOrDefault(other => other.Name == output.Name) ?? new(output.Name, [], []), output.Width, answer.Payload.Rows))];
    }

    private static IReadOnlyList<PredictedOutput> Given(InferenceReply reply) =>
        reply.Outputs.Count > 0 ? reply.Outputs : [new("", reply.Scores, reply.Labels)];

    private static int Columns(int width) => width is > 1 and <= MostColumns ? width : 1;

    private static int WidthOf(PredictedOutput output, int rows)
    {
        var values = output.Scores.Count + output.Labels.Count;
        return values <= rows ? 1 : values % rows == 0 ? values / rows : Ragged;
    }

    private static IEnumerable<PredictedOutput> Split(PredictedOutput output, int width, int rows)
    {
        if (width <= 1) return [output];
        var fits = output.Scores.Count + output.Labels.Count == rows * width;
        if (width > MostColumns) return [fits && output.Scores.Count > 0 ? Largest(output, width) : new(output.Name, [], [])];
        return Enumerable.Range(0, width).Select(column => fits
            ? new PredictedOutput($"{output.Name}.{column}", Every(output.Scores, column, width), Every(output.Labels, column, width))
            : new($"{output.Name}.{column}", [], []));
    }

    private static List<T> Every<T>(IReadOnlyList<T> values, int first, int step)
    {
        var taken = new List<T>(values.Count / step);
        for (var i = first; i < values.Count; i += step) taken.Add(values[i]);
        return taken;
    }

    private static PredictedOutput Largest(PredictedOutput output, int width)
    {
        var labels = new List<string?>(output.Scores.Count / width);
        for (var row = 0; row < output.Scores.Count; row += width)
        {
            var best = row - 1;
            for (var place = row; place < row + width; place++)
                if (output.Scores[place] is { } score && (best < row || score > output.Scores[best])) best = place;
            labels.Add(best < row ? null : FormattableString.Invariant($"place {best - row}"));
        }

        return new(output.Name, [], labels);
    }
}
