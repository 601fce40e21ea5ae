using System.Globalization;
using BlueGreen.Contracts;
using BlueGreen.Judging.Distributions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace BlueGreen.Cli.Judging;

/// <summary>
/// The <c>gates:</c> of a policy, or of a file that holds nothing else. What can be judged again offline is read: the distribution gates in
/// full, of the others their limits, by the names that results carry.
/// </summary>
/// <param name="Distributions">As many as there are: offline, a statistic each costs nothing.</param>
/// <param name="Limits">Limits by gate name, e.g. <c>latency-p99</c> in milliseconds, <c>error-rate</c> as a share.</param>
internal sealed record GateFile(IReadOnlyList<DistributionGate> Distributions, IReadOnlyDictionary<string, double> Limits)
{
    private static readonly string[] DistributionFields =
        ["statistic", "margin", "confidence", "samples", "bins", "binRule", "epsilon", "logBase", "slices"];

    /// <summary>Every statistic at its default margin.</summary>
    public static GateFile Default { get; } =
        new([.. DistributionStatistic.All.Select(statistic => Distribution(statistic.Name, statistic.DefaultMargin))], new Dictionary<string, double>());

    /// <exception cref="CommandFailure">The file cannot be read, or a field of it is unknown or wrong.</exception>
    public static GateFile Load(string path)
    {
        var distributions = new List<DistributionGate>();
        var limits = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var gate in Gates(path).OfType<YamlMappingNode>().SelectMany(item => item.Children))
        {
            var fields = gate.Value as YamlMappingNode ?? new YamlMappingNode();
            switch (Text(gate.Key))
            {
                case "distribution": distributions.Add(ReadDistribution(fields)); break;
                case "latency":
                    foreach (var percentile in fields.Children) limits[$"latency-{Text(percentile.Key)}"] = Milliseconds(percentile.Value);
                    limits.Remove("latency-requests");
                    break;
                case "errorRate": limits["error-rate"] = Number(fields, "max", 0.001); break;
                case "golden":
                    foreach (var (field, name) in new[] { ("minRecall", "recall"), ("minAccuracy", "accuracy"), ("maxCalibrationError", "calibration"), ("tolerance", "tolerance") })
                        if (Find(fields, field) is not null) limits[$"golden-{name}"] = Number(fields, field, 0);
                    break;
            }
        }

        return new(distributions, limits);
    }

    private static DistributionGate ReadDistribution(YamlMappingNode fields)
    {
        foreach (var field in fields.Children.Keys.Where(field => !DistributionFields.Contains(Text(field))))
            throw Wrong(field, $"'{Text(field)}' is not a field of 'distribution': {string.Join(", ", DistributionFields)}.");
        var name = Find(fields, "statistic") is { } given ? Text(given) : DistributionStatistic.KolmogorovSmirnov;
        var statistic = DistributionStatistic.Find(name)
            ?? throw Wrong(Find(fields, "statistic")!, $"'{name}' is not a statistic: {string.Join(", ", DistributionStatistic.All.Select(known => known.Name))}.");
        var confidence = Number(fields, "confidence", 0.95);
        if (confidence is not (>= 0.5 and <= 0.9999)) throw Wrong(Find(fields, "confidence")!, "confidence is a share from 50% to 99.99%.");
        var bins = Number(fields, "bins", 10);
        if (bins is not (>= 2 and <= 1000) || bins != Math.Floor(bins)) throw Wrong(Find(fields, "bins")!, "bins is a whole number from 2 to 1000.");
        var epsilon = Number(fields, "epsilon", 0.0001);
        if (epsilon is not (> 0 and <= 0.1)) throw Wrong(Find(fields, "epsilon")!, "epsilon is a number above 0, up to 0.1.");
        return Distribution(name, Number(fields, "margin", statistic.DefaultMargin)) with
        {
            Confidence = confidence,
            Bins = (int)bins,
            BinRule = Find(fields, "binRule") is { } rule ? Rule(rule) : BinRule.Quantile,
            Epsilon = epsilon,
            LogBase = Find(fields, "logBase") is { } logBase && Text(logBase) == "2" ? 2 : Math.E,
        };
    }

    private static DistributionGate Distribution(string statistic, double margin) => new()
    {
        Statistic = statistic,
        Margin = margin,
        Confidence = 0.95,
        MinSamples = 1000,
        MaxSamples = 5000,
    };

    private static BinRule Rule(YamlNode node) => Text(node) switch
    {
        "quantile" => BinRule.Quantile,
        "width" => BinRule.Width,
        "sturges" => BinRule.Sturges,
        _ => throw Wrong(node, "binRule is quantile, width or sturges."),
    };

    private static IEnumerable<YamlNode> Gates(string path)
    {
        var yaml = new YamlStream();
        try
        {
            yaml.Load(new StringReader(File.ReadAllText(path)));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or YamlException)
        {
            throw CommandFailure.Usage(path, failure.Message);
        }

        var root = yaml.Documents is [{ RootNode: YamlMappingNode mapping }] ? mapping : new YamlMappingNode();
        var spec = Find(root, "spec") as YamlMappingNode ?? root;
        return Find(spec, "gates") is YamlSequenceNode gates
            ? gates.Children
            : throw CommandFailure.Usage("gates", $"{path}: a list 'gates:' (or a policy with 'spec.gates') is expected.");
    }

    private static YamlNode? Find(YamlMappingNode fields, string name) =>
        fields.Children.FirstOrDefault(pair => Text(pair.Key) == name).Value;

    private static double Number(YamlMappingNode fields, string name, double fallback)
    {
        if (Find(fields, name) is not { } node) return fallback;
        var text = Text(node);
        var isPercentage = text.EndsWith('%');
        return double.TryParse(isPercentage ? text[..^1] : text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? isPercentage ? (double)((decimal)number / 100) : number
            : throw Wrong(node, $"'{text}' is not a number or percentage.");
    }

    private static double Milliseconds(YamlNode node)
    {
        var text = Text(node);
        var (digits, unit) = text.EndsWith("ms", StringComparison.Ordinal) ? (text[..^2], 1.0) : text.EndsWith('s') ? (text[..^1], 1000.0) : (text, 1.0);
        return double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number * unit
            : throw Wrong(node, $"'{text}' is not a duration such as 80ms or 2s.");
    }

    private static string Text(YamlNode node) => (node as YamlScalarNode)?.Value ?? "";

    private static CommandFailure Wrong(YamlNode node, string detail) => new(ExitCode.Usage, new Api.Problem
    {
        Title = "The gates cannot be used.",
        Field = "gates",
        Line = (int)node.Start.Line,
        Column = (int)node.Start.Column,
        Detail = detail,
    });
}
