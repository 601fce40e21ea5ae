using System.Globalization;
using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace BlueGreen.Cli.Judging;

/// <summary>The settings of one gate as a policy writes them. What cannot be understood is refused, with its place in the file.</summary>
/// <param name="name">The gate's name, or the section's.</param>
/// <param name="place">Where it begins.</param>
/// <param name="fields">The settings.</param>
internal sealed partial class GateSettings(string name, YamlNode place, YamlMappingNode fields)
{
    /// <param name="name">The gate's name.</param>
    /// <param name="place">Where it begins.</param>
    /// <param name="settings">A mapping; or nothing, which leaves everything at its default.</param>
    /// <exception cref="CommandFailure">It is something else.</exception>
    public static GateSettings Of(string name, YamlNode place, YamlNode? settings) => new(name, place, settings switch
    {
        YamlMappingNode mapping => mapping,
        null or YamlScalarNode { Value: null or "" or "~" or "null" } => new YamlMappingNode(),
        _ => throw Wrong(settings, $"The settings of '{name}' are a mapping such as {{ field: value }}."),
    });

    public static CommandFailure Wrong(YamlNode node, string detail) => Wrong((int)node.Start.Line, (int)node.Start.Column, detail);

    public static CommandFailure Wrong(int line, int column, string detail) => new(ExitCode.Usage, new Api.Problem
    {
        Title = "The gates cannot be used.",
        Field = "gates",
        Line = line,
        Column = column,
        Detail = detail,
    });

    /// <summary>Refuses the gate or section as a whole.</summary>
    public CommandFailure Wrong(string detail) => Wrong(place, detail);

    public YamlNode? Find(string field) => fields.Children.FirstOrDefault(pair => pair.Key is YamlScalarNode key && key.Value == field).Value;

    /// <exception cref="CommandFailure">There is a field that the gate does not have.</exception>
    public GateSettings Only(params string[] names)
    {
        foreach (var field in fields.Children.Keys.Where(field => field is not YamlScalarNode { Value: { } given } || !names.Contains(given)))
            throw Wrong(field, $"'{field}' is not a field of '{name}'{(names.Length == 0 ? ", which has none" : $": {string.Join(", ", names)}")}.");
        return this;
    }

    public string Text(string field, string fallback) => Find(field) is { } node ? Text(node) : fallback;

    /// <exception cref="CommandFailure">It is not given.</exception>
    public string Required(string field) => Find(field) is { } node ? Text(node) : throw Wrong($"'{name}' needs the field '{field}'.");

    public double Number(string field, double fallback) => Find(field) is { } node ? Number(node) : fallback;

    public double? Number(string field) => Find(field) is { } node ? Number(node) : null;

    public bool Flag(string field) => Text(field, "false") switch
    {
        "true" => true,
        "false" => false,
        var other => throw Wrong(Find(field)!, $"'{other}' is not true or false."),
    };

    public int Whole(string field, int fallback, int least, int most)
    {
        var number = Number(field, fallback);
        return number >= least && number <= most && number == Math.Floor(number)
            ? (int)number
            : throw Wrong(Find(field)!, $"{field} is a whole number from {least} to {most}.");
    }

    /// <summary><c>1000..5000</c>.</summary>
    public (int Min, int Max) Range(string field, int min, int max)
    {
        if (Find(field) is not { } node) return (min, max);
        string[] ends = Text(node).Split("..");
        return ends.Length == 2 && int.TryParse(ends[0], CultureInfo.InvariantCulture, out var low)
            && int.TryParse(ends[1], CultureInfo.InvariantCulture, out var high) && low >= 1 && low <= high
            ? (low, high)
            : throw Wrong(node, $"'{Text(node)}' is not a range such as {min}..{max}.");
    }

    /// <summary><c>80ms</c>, <c>1m30s</c>; a bare number is of milliseconds.</summary>
    public TimeSpan? Duration(string field)
    {
        if (Find(field) is not { } node) return null;
        var text = Text(node);
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var bare)) return TimeSpan.FromMilliseconds(bare);
        var match = DurationForm().Match(text);
        if (!match.Success || text.Length == 0) throw Wrong(node, $"'{text}' is not a duration such as 80ms or 2s.");
        double Part(string unit) => match.Groups[unit] is { Success: true } part ? double.Parse(part.ValueSpan, CultureInfo.InvariantCulture) : 0;
        return TimeSpan.FromMilliseconds((3_600_000 * Part("h")) + (60_000 * Part("m")) + (1000 * Part("s")) + Part("ms"));
    }

    public IReadOnlyList<string> Texts(string field) => Find(field) switch
    {
        null => [],
        YamlSequenceNode list => [.. list.Children.Select(Text)],
        var other => throw Wrong(other, $"'{field}' is a list such as [a, b]."),
    };

    public GateSettings Section(string field) => Of(field, Find(field) ?? place, Find(field));

    private static string Text(YamlNode node) => node is YamlScalarNode { Value: { } text } ? text : throw Wrong(node, "A single value is expected here.");

    private static double Number(YamlNode node)
    {
        var text = Text(node);
        var isPercentage = text.EndsWith('%');
        return double.TryParse(isPercentage ? text[..^1] : text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? isPercentage ? (double)((decimal)number / 100) : number
            : throw Wrong(node, $"'{text}' is not a number or percentage.");
    }

    [GeneratedRegex(@"^((?<h>\d{1,6})h)?((?<m>\d{1,6})m(?!s))?((?<s>\d{1,9}(\.\d{1,9})?)s)?((?<ms>\d{1,9}(\.\d{1,9})?)ms)?$", RegexOptions.ExplicitCapture)]
    private static partial Regex DurationForm();
}
