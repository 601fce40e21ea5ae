using System.Text.Json;
using BlueGreen.Platform.Inference.Answers;
using BlueGreen.Platform.Inference.Json;

namespace BlueGreen.Platform.Inference.OpenInference;

/// <summary>
/// Reads an Open Inference Protocol v2 infer response. What is judged is the first floating-point output, else the first that is not
/// BYTES, else the first, flat or nested, row by row. (Who needs another names it in the request's own <c>outputs</c>.)
/// </summary>
internal static class OpenInferenceAnswer
{
    /// <returns>Null when the body is not a JSON object.</returns>
    public static Predictions? Read(ReadOnlyMemory<byte> body)
    {
        using var document = LenientJson.Parse(body);
        if (document is null || document.RootElement.ValueKind != JsonValueKind.Object) return null;
        if (!document.RootElement.TryGetProperty("outputs", out var outputs) || outputs.ValueKind != JsonValueKind.Array)
            return Predictions.None;
        var found = new List<(int Rank, PredictedOutput Output)>(outputs.GetArrayLength());
        foreach (var output in outputs.EnumerateArray())
        {
            if (output.ValueKind != JsonValueKind.Object) continue;
            var (name, datatype) = (Text(output, "name"), Text(output, "datatype"));
            // Without data it predicts nothing, and keeps its place: another output is not judged in its stead.
            found.Add((Rank(datatype), output.TryGetProperty("data", out var data) ? Values(name, datatype, data) : new(name, [], [])));
        }

        return InOrder(found);
    }

    /// <summary>The outputs, the one that is judged first.</summary>
    public static Predictions InOrder(List<(int Rank, PredictedOutput Output)> outputs) =>
        new([.. outputs.OrderBy(output => output.Rank).Select(output => output.Output)]);

    /// <summary>Smallest: the output that is judged.</summary>
    public static int Rank(string datatype) =>
        datatype.StartsWith("FP", StringComparison.Ordinal) || datatype == "BF16" ? 0 : datatype == "BYTES" ? 2 : 1;

    private static PredictedOutput Values(string name, string datatype, JsonElement data)
    {
        if (datatype == "BYTES")
        {
            var labels = new OutputValues(name, textOnly: true);
            labels.Add(data);
            return labels.ToOutput();
        }

        var numbers = new List<double?>();
        AddNumbers(data, numbers);
        return new(name, numbers, []);
    }

    /// <summary>Text where the datatype says numbers is a null prediction.</summary>
    private static void AddNumbers(JsonElement value, List<double?> numbers)
    {
        if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in value.EnumerateArray()) AddNumbers(item, numbers);
            return;
        }

        numbers.Add(value.ValueKind switch
        {
            JsonValueKind.Number when value.TryGetDouble(out var number) && double.IsFinite(number) => number,
            JsonValueKind.True => 1,
            JsonValueKind.False => 0,
            _ => null,
        });
    }

    private static string Text(JsonElement output, string member) =>
        output.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
