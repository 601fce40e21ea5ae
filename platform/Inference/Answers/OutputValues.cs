using System.Globalization;
using System.Text.Json;

namespace BlueGreen.Platform.Inference.Answers;

/// <summary>
/// Collects the values of one output and decides what they are. A number must be written as one: a string that reads as a number
/// (<c>"0.5"</c>, <c>"NaN"</c>) is a null prediction, any other text is a label. An output with one number in it is numbers, and
/// text among them is null.
/// </summary>
/// <param name="name">The output's name.</param>
/// <param name="textOnly">True where the protocol says that the output is text: then "7" is a label as well.</param>
internal sealed class OutputValues(string name, bool textOnly = false)
{
    private readonly List<double?> _numbers = [];
    private List<string?>? _labels;
    private bool _hasNumber;

    public string Name => name;

    public bool HasNumber => _hasNumber;

    /// <summary>Flattens arrays, row by row.</summary>
    public void Add(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray()) Add(item);
                break;
            case JsonValueKind.Number when double.TryParse(value.GetRawText(), CultureInfo.InvariantCulture, out var number):
                AddNumber(number);
                break;
            case JsonValueKind.True or JsonValueKind.False:
                AddNumber(value.ValueKind == JsonValueKind.True ? 1 : 0);
                break;
            case JsonValueKind.String:
                AddText(value.GetString()!);
                break;
            default:
                AddNull();
                break;
        }
    }

    /// <summary>1e999 is a valid JSON number and not a finite one.</summary>
    public void AddNumber(double number)
    {
        if (!double.IsFinite(number))
        {
            AddNull();
            return;
        }

        _hasNumber = true;
        _labels?.Add(null);
        _numbers.Add(number);
    }

    public void AddNull()
    {
        _labels?.Add(null);
        _numbers.Add(null);
    }

    public void AddText(string text)
    {
        if (text.Length == 0 || (!textOnly && IsNumber(text)))
        {
            AddNull();
            return;
        }

        _labels ??= [.. new string?[_numbers.Count]];
        _labels.Add(text);
        _numbers.Add(null);
    }

    private static bool IsNumber(string text) => double.TryParse(text, CultureInfo.InvariantCulture, out _)
        || text.TrimStart('+', '-').Equals("inf", StringComparison.OrdinalIgnoreCase);

    public PredictedOutput ToOutput() =>
        _labels is null || _hasNumber ? new(name, _numbers, []) : new(name, [], _labels);
}
