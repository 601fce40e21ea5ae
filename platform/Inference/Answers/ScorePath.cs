using System.Text.Json;

namespace BlueGreen.Platform.Inference.Answers;

/// <summary>
/// A JSON Pointer (RFC 6901: <c>/</c> before every step, <c>~1</c> for a slash and <c>~0</c> for a tilde in a name) in which the step
/// <c>*</c> stands for every element of an array.
/// </summary>
public sealed class ScorePath
{
    private const string Every = "*";

    private readonly string[] _steps;

    private ScorePath(string text, string[] steps) => (Text, _steps) = (text, steps);

    /// <summary>As it was written.</summary>
    public string Text { get; }

    /// <summary>Null when the text is no pointer; the empty text is the whole document.</summary>
    public static ScorePath? Parse(string text)
    {
        if (text.Length == 0) return new(text, []);
        if (text[0] != '/') return null;
        var steps = text[1..].Split('/');
        if (steps.Any(step => step.Replace("~0", "", StringComparison.Ordinal).Replace("~1", "", StringComparison.Ordinal).Contains('~')))
            return null;
        return new(text, [.. steps.Select(step =>
            step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))]);
    }

    /// <summary>Every value at the path, in order; null for an element of an array in which the rest of the path does not exist.</summary>
    public IEnumerable<JsonElement?> Select(JsonElement root) => Select(root, 0);

    private IEnumerable<JsonElement?> Select(JsonElement value, int step)
    {
        if (step == _steps.Length) return [value];
        if (_steps[step] == Every && value.ValueKind == JsonValueKind.Array)
            return value.EnumerateArray().SelectMany(item => Select(item, step + 1));
        return Child(value, _steps[step]) is { } child ? Select(child, step + 1) : [null];
    }

    private static JsonElement? Child(JsonElement value, string step)
    {
        if (value.ValueKind == JsonValueKind.Object) return value.TryGetProperty(step, out var member) ? member : null;
        return value.ValueKind == JsonValueKind.Array && int.TryParse(step, out var index) && index >= 0 && index < value.GetArrayLength()
            ? value[index]
            : null;
    }
}
