using System.Text.Json;

namespace BlueGreen.Platform.Inference.Answers;

/// <summary>
/// Reads predictions out of JSON whose inner form the protocol leaves to the model: numbers, labels, arrays of them, or objects with a
/// member per output. Of several outputs the first with numbers is judged, else the first.
/// </summary>
internal static class JsonPredictions
{
    /// <summary>The value at the first of the paths that is there.</summary>
    /// <returns>Predictions of which there is none when none of the paths exists.</returns>
    public static Predictions At(JsonElement root, IReadOnlyList<ScorePath> paths)
    {
        foreach (var path in paths)
        {
            var values = path.Select(root).ToList();
            if (values.Exists(value => value is not null)) return Of(path.Text, values);
        }

        return Predictions.None;
    }

    private static Predictions Of(string name, List<JsonElement?> values)
    {
        var outputs = new List<OutputValues>();
        foreach (var value in values)
        {
            if (value is { } present) Collect(name, present, outputs);
            else Output(name, outputs).AddNull();
        }

        return new([.. outputs.OrderByDescending(output => output.HasNumber).Select(output => output.ToOutput())]);
    }

    private static void Collect(string name, JsonElement value, List<OutputValues> outputs)
    {
        if (value.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in value.EnumerateObject()) Collect($"{name}/{member.Name}", member.Value, outputs);
        }
        else if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in value.EnumerateArray()) Collect(name, item, outputs);
        }
        else
        {
            Output(name, outputs).Add(value);
        }
    }

    private static OutputValues Output(string name, List<OutputValues> outputs)
    {
        var known = outputs.Find(output => output.Name == name);
        if (known is null) outputs.Add(known = new OutputValues(name));
        return known;
    }
}
