using System.Globalization;
using System.Text.Json;

namespace BlueGreen.Platform.Inference;

/// <summary>
/// Reads predictions out of an Open Inference Protocol v2 infer response: the values of the first floating-point output, else of
/// the first that is not BYTES, flat or nested, row by row. (Who needs another output names it in the request's own <c>outputs</c>.)
/// </summary>
internal static class OpenInferenceScores
{
    /// <returns>At least <paramref name="rows"/> predictions; null when the body is not a JSON object.</returns>
    public static IReadOnlyList<double?>? Read(byte[] body, int rows)
    {
        using var document = LenientJson.Parse(body);
        if (document is null || document.RootElement.ValueKind != JsonValueKind.Object) return null;
        var scores = new List<double?>(rows);
        if (FindScores(document.RootElement) is { } data) Flatten(data, scores);
        while (scores.Count < rows) scores.Add(null);
        return scores;
    }

    private static JsonElement? FindScores(JsonElement response)
    {
        if (!response.TryGetProperty("outputs", out var outputs) || outputs.ValueKind != JsonValueKind.Array) return null;
        JsonElement? found = null;
        foreach (var output in outputs.EnumerateArray())
        {
            if (output.ValueKind != JsonValueKind.Object || !output.TryGetProperty("data", out var data)) continue;
            var datatype = Datatype(output);
            if (datatype.StartsWith("FP", StringComparison.Ordinal) || datatype == "BF16") return data;
            if (datatype != "BYTES") found ??= data;
        }

        return found;
    }

    private static string Datatype(JsonElement output) =>
        output.TryGetProperty("datatype", out var datatype) && datatype.ValueKind == JsonValueKind.String ? datatype.GetString()! : "";

    private static void Flatten(JsonElement value, List<double?> scores)
    {
        if (value.ValueKind != JsonValueKind.Array) scores.Add(Score(value));
        else foreach (var item in value.EnumerateArray()) Flatten(item, scores);
    }

    /// <summary>1e999 is a valid JSON number and not a finite one.</summary>
    private static double? Score(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number when double.TryParse(value.GetRawText(), CultureInfo.InvariantCulture, out var number)
            && double.IsFinite(number) => number,
        JsonValueKind.True => 1,
        JsonValueKind.False => 0,
        _ => null,
    };
}
