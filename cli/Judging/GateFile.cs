using BlueGreen.Contracts;
using BlueGreen.Judging.Distributions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace BlueGreen.Cli.Judging;

/// <summary>The <c>gates:</c> of a policy, or of a file that holds nothing else, as far as they can be judged from scores or evidence.</summary>
/// <param name="Distributions">As many as there are: offline, a statistic each costs nothing.</param>
/// <param name="Gates">The others.</param>
internal sealed record GateFile(IReadOnlyList<DistributionGate> Distributions, GatePolicy Gates)
{
    /// <summary>Every statistic at its default margin.</summary>
    public static GateFile Default { get; } = new([.. DistributionStatistic.All.Select(DistributionSettings.Default)], new());

    /// <summary>Limits by the names that results carry, e.g. <c>latency-p99</c> in milliseconds, <c>error-rate</c> as a share.</summary>
    public IReadOnlyDictionary<string, double> Limits { get; } = LimitsOf(Gates);

    /// <exception cref="CommandFailure">The file cannot be read, or a field of it is unknown or wrong.</exception>
    public static GateFile Load(string path)
    {
        var distributions = new List<DistributionGate>();
        var gates = new GatePolicy();
        foreach (var item in Items(path).OfType<YamlMappingNode>().SelectMany(item => item.Children))
        {
            var fields = new GateSettings(item.Value as YamlMappingNode ?? new YamlMappingNode());
            switch (GateSettings.Text(item.Key))
            {
                case "distribution": distributions.Add(DistributionSettings.Read(fields)); break;
                case "latency": gates = gates with { Latency = Latency(fields) }; break;
                case "errorRate": gates = gates with { ErrorRate = new() { Max = fields.Only("errorRate", "max").Number("max", 0.001) } }; break;
                case "golden": gates = gates with { Golden = Golden(fields) }; break;
                case "features": gates = gates with { Features = Features(fields) }; break;
                case "paired": gates = gates with { Paired = Paired(fields) }; break;
                case "external": gates = gates with { External = [.. gates.External ?? [], External(fields)] }; break;
            }
        }

        return new(distributions, gates);
    }

    private static LatencyGate Latency(GateSettings fields) => new()
    {
        P50 = fields.Only("latency", "p50", "p95", "p99", "requests").Duration("p50"),
        P95 = fields.Duration("p95"),
        P99 = fields.Duration("p99"),
        Requests = fields.Whole("requests", 500, 1, 1_000_000),
    };

    private static GoldenGate Golden(GateSettings fields) => new()
    {
        File = new() { Sha256 = "", Name = fields.Text("file", "") },
        Label = fields.Text("label", "/parameters/label"),
        MinRecall = fields.Number("minRecall"),
        MaxFpr = fields.Number("maxFpr", 0.01),
        MinAccuracy = fields.Number("minAccuracy"),
        DecisionThreshold = fields.Number("threshold", 0.5),
        MaxCalibrationError = fields.Number("maxCalibrationError"),
        Tolerance = fields.Number("tolerance"),
    };

    private static PairedGate Paired(GateSettings fields) => new()
    {
        MaxDisagreement = fields.Only("paired", "maxDisagreement", "tolerance", "requests", "ignore").Number("maxDisagreement", 0.05),
        Tolerance = fields.Number("tolerance", 0.1),
        Requests = fields.Whole("requests", 1000, 1, 1_000_000),
        Ignore = fields.Texts("ignore"),
    };

    private static FeatureGate Features(GateSettings fields)
    {
        var statistic = fields.Text("statistic", DistributionStatistic.KolmogorovSmirnov);
        return new()
        {
            Reference = fields.Find("file") is { } file ? new() { Sha256 = "", Name = GateSettings.Text(file) } : null,
            Ignore = fields.Texts("ignore"),
            MaxNullRate = fields.Number("maxNullRate", 0.05),
            Statistic = statistic,
            Margin = fields.Number("margin", DistributionStatistic.Find(statistic)?.DefaultMargin ?? throw GateSettings.Wrong(fields.Find("statistic")!, $"'{statistic}' is not a statistic.")),
            Confidence = fields.Number("confidence", 0.95),
            Requests = fields.Whole("requests", 2000, 1, 1_000_000),
        };
    }

    private static ExternalGate External(GateSettings fields) => new()
    {
        Name = fields.Text("name", ""),
        Low = fields.Number("low"),
        High = fields.Number("high"),
        DryRun = fields.Text("dryRun", "false") == "true",
        Source = new() { Kind = fields.Section("source").Text("kind", "stored"), Address = new("about:blank"), Query = "" },
    };

    private static Dictionary<string, double> LimitsOf(GatePolicy gates)
    {
        var limits = new (string Name, double? Limit)[]
        {
            ("latency-p50", gates.Latency?.P50?.TotalMilliseconds), ("latency-p95", gates.Latency?.P95?.TotalMilliseconds),
            ("latency-p99", gates.Latency?.P99?.TotalMilliseconds), ("error-rate", gates.ErrorRate?.Max), ("golden-recall", gates.Golden?.MinRecall),
            ("golden-accuracy", gates.Golden?.MinAccuracy), ("golden-calibration", gates.Golden?.MaxCalibrationError),
            ("golden-tolerance", gates.Golden?.Tolerance),
        };
        return limits.Where(limit => limit.Limit is not null).ToDictionary(limit => limit.Name, limit => limit.Limit!.Value, StringComparer.Ordinal);
    }

    private static IEnumerable<YamlNode> Items(string path)
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

        var root = new GateSettings(yaml.Documents is [{ RootNode: YamlMappingNode mapping }] ? mapping : new YamlMappingNode());
        var spec = root.Find("spec") is YamlMappingNode inner ? new GateSettings(inner) : root;
        return spec.Find("gates") is YamlSequenceNode gates
            ? gates.Children
            : throw CommandFailure.Usage("gates", $"{path}: a list 'gates:' (or a policy with 'spec.gates') is expected.");
    }
}
