using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace BlueGreen.Cli.Judging;

/// <summary>The settings of one gate as a policy writes them.</summary>
internal sealed class GateSettings(YamlMappingNode fields)
{
    public static string Text(YamlNode node) => (node as YamlScalarNode)?.Value ?? "";

    public static CommandFailure Wrong(YamlNode node, string detail) => new(ExitCode.Usage, new Api.Problem
    {
        Title = "The gates cannot be used.",
        Field = "gates",
        Line = (int)node.Start.Line,
        Column = (int)node.Start.Column,
        Detail = detail,
    });

    public YamlNode? Find(string name) => fields.Children.FirstOrDefault(pair => Text(pair.Key) == name).Value;

    /// <exception cref="CommandFailure">There is a field that the gate does not have.</exception>
    public GateSettings Only(string gate, params string[] names)
    {
        foreach (var field in fields.Children.Keys.Where(field => !names.Contains(Text(field))))
            throw Wrong(field, $"'{Text(field)}' is not a field of '{gate}': {string.Join(", ", names)}.");
        return this;
    }

    public string Text(string name, string fallback) => Find(name) is { } node ? Text(node) : fallback;

    public double Number(string name, double fallback) => Find(name) is { } node ? Number(node) : fallback;

    public double? Number(string name) => Find(name) is { } node ? Number(node) : null;

    public int Whole(string name, int fallback, int least, int most)
    {
        var number = Number(name, fallback);
        return number >= least && number <= most && number == Math.Floor(number)
            ? (int)number
            : throw Wrong(Find(name)!, $"{name} is a whole number from {least} to {most}.");
    }

    /// <summary><c>1000..5000</c>.</summary>
    public (int Min, int Max) Range(string name, int min, int max)
    {
        if (Find(name) is not { } node) return (min, max);
        string[] ends = Text(node).Split("..");
        return ends.Length == 2 && int.TryParse(ends[0], CultureInfo.InvariantCulture, out var low)
            && int.TryParse(ends[1], CultureInfo.InvariantCulture, out var high) && low >= 1 && low <= high
            ? (low, high)
            : throw Wrong(node, $"'{Text(node)}' is not a range such as {min}..{max}.");
    }

    public TimeSpan? Duration(string name)
    {
        if (Find(name) is not { } node) return null;
        var text = Text(node);
        var (digits, unit) = text.EndsWith("ms", StringComparison.Ordinal) ? (text[..^2], 1.0) : text.EndsWith('s') ? (text[..^1], 1000.0) : (text, 1.0);
        return double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? TimeSpan.FromMilliseconds(number * unit)
            : throw Wrong(node, $"'{text}' is not a duration such as 80ms or 2s.");
    }

    public IReadOnlyList<string> Texts(string name) => Find(name) is YamlSequenceNode list ? [.. list.Children.Select(Text)] : [];

    public GateSettings Section(string name) => new(Find(name) as YamlMappingNode ?? new YamlMappingNode());

    private static double Number(YamlNode node)
    {
        var text = Text(node);
        var isPercentage = text.EndsWith('%');
        return double.TryParse(isPercentage ? text[..^1] : text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? isPercentage ? (double)((decimal)number / 100) : number
            : throw Wrong(node, $"'{text}' is not a number or percentage.");
    }
}
