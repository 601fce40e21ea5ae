using BlueGreen.Contracts;
using BlueGreen.Judging.Distributions;
using BlueGreen.Judging.Evidence;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace BlueGreen.Cli.Judging;

/// <summary>The <c>gates:</c> of a policy, or of a file that holds nothing else.</summary>
/// <param name="Distributions">As many as there are: offline, a statistic each costs nothing.</param>
/// <param name="Gates">The others.</param>
internal sealed record GateFile(IReadOnlyList<DistributionGate> Distributions, GatePolicy Gates)
{
    private const string NeedsAModel = "two files do not tell, it needs a live model";

    /// <summary>Every statistic at its default margin.</summary>
    public static GateFile Default { get; } = new([.. DistributionStatistic.All.Select(DistributionSettings.Default)], new());

    /// <summary>Limits by the names that results carry, e.g. <c>latency-p99</c> in milliseconds, <c>error-rate</c> as a share.</summary>
    public IReadOnlyDictionary<string, double> Limits { get; } = LimitsOf(Gates);

    /// <exception cref="CommandFailure">The file cannot be read, or a gate or a field of one is unknown, wrong or given twice.</exception>
    public static GateFile Load(string path)
    {
        var distributions = new List<DistributionGate>();
        var gates = new GatePolicy();
        var given = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in Items(path))
        {
            if (item is not YamlMappingNode { Children: { Count: 1 } single } || single[0].Key is not YamlScalarNode { Value: { } name } key)
                throw GateSettings.Wrong(item, "An item of 'gates' is one gate with its settings, such as 'distribution: { margin: 0.15 }'.");
            var fields = GateSettings.Of(name, key, single[0].Value);
            if (name == GateNames.Distribution) distributions.Add(DistributionSettings.Read(fields));
            else if (name != "external" && !given.Add(name)) throw GateSettings.Wrong(key, $"The gate '{name}' is given twice.");
            else gates = NamedGates.Add(gates, name, fields);
        }

        return new(distributions, gates);
    }

    /// <summary>What no two files of scores can decide.</summary>
    public IEnumerable<GateResult> NeedingAModel()
    {
        IEnumerable<GateResult> asked =
        [
            .. Facts().Select(fact => Unmeasured.Of(fact, "", null, NeedsAModel)),
            .. Gates.Latency is { } latency ? LatencyEvidence.Nothing(latency, NeedsAModel) : [],
            .. Gates.ErrorRate is { } errorRate ? [Unmeasured.Of(GateNames.ErrorRate, "share", errorRate.Max, NeedsAModel)] : Array.Empty<GateResult>(),
            .. Gates.Golden is { } golden ? GoldenEvidence.Nothing(golden, NeedsAModel) : [],
            .. BeyondLimits(NeedsAModel),
        ];
        return asked.Select(result => result with { Verdict = Verdict.NotApplicable, Summary = NeedsAModel });
    }

    /// <summary>The gates that have more than a limit for one number.</summary>
    public IEnumerable<GateResult> BeyondLimits(string why) =>
    [
        .. Gates.Paired is { } paired ? [PairedEvidence.Nothing(paired, why)] : Array.Empty<GateResult>(),
        .. Gates.Features is { } features ? FeatureEvidence.Nothing(features, why) : [],
        .. (Gates.External ?? []).Select(external => ExternalEvidence.Nothing(external, why)),
    ];

    /// <summary>The gates that are asked for and find facts, which count as they were found.</summary>
    public IEnumerable<string> Facts() => new (string Name, bool IsAsked)[]
    {
        (GateNames.Health, Gates.Health is not null), (GateNames.Schema, Gates.Schema is not null), (GateNames.Compatibility, Gates.Compatibility is not null),
    }.Where(fact => fact.IsAsked).Select(fact => fact.Name);

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

    private static IList<YamlNode> Items(string path)
    {
        var yaml = new YamlStream();
        try
        {
            yaml.Load(new StringReader(File.ReadAllText(path)));
        }
        catch (YamlException failure)
        {
            throw GateSettings.Wrong((int)failure.Start.Line, (int)failure.Start.Column, $"{path}: {failure.Message}");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw CommandFailure.Usage(path, failure.Message);
        }

        var root = yaml.Documents is [{ RootNode: YamlMappingNode mapping }] ? mapping : new YamlMappingNode();
        return (Member(root, "spec") is YamlMappingNode spec ? Member(spec, "gates") : Member(root, "gates")) is YamlSequenceNode gates
            ? gates.Children
            : throw CommandFailure.Usage("gates", $"{path}: a list 'gates:' (or a policy with 'spec.gates') is expected.");
    }

    private static YamlNode? Member(YamlMappingNode of, string name) =>
        of.Children.FirstOrDefault(pair => pair.Key is YamlScalarNode key && key.Value == name).Value;
}
