using BlueGreen.Contracts;

namespace BlueGreen.Cli.Judging;

/// <summary>The gates but <c>distribution</c>, as a policy writes them. What is refused there is refused here.</summary>
internal static class NamedGates
{
    private const string Names = "health, schema, compatibility, latency, errorRate, golden, distribution, paired, features, external";

    /// <exception cref="CommandFailure">There is no such gate, or its settings are wrong.</exception>
    public static GatePolicy Add(GatePolicy gates, string name, GateSettings fields) => name switch
    {
        "health" => gates with { Health = Nothing(fields, new HealthGate()) },
        "schema" => gates with { Schema = Nothing(fields, new SchemaGate()) },
        "compatibility" => gates with { Compatibility = new() { Path = fields.Only("path").Text("path", "/compatibility") } },
        "latency" => gates with { Latency = Latency(fields) },
        "errorRate" => gates with { ErrorRate = new() { Max = fields.Only("max").Number("max", 0.001) } },
        "golden" => gates with { Golden = Golden(fields) },
        "features" => gates with { Features = Features(fields) },
        "paired" => gates with { Paired = Paired(fields) },
        "external" => gates with { External = [.. gates.External ?? [], External(fields)] },
        _ => throw fields.Wrong($"'{name}' is not a gate: {Names}."),
    };

    private static TGate Nothing<TGate>(GateSettings fields, TGate gate)
    {
        fields.Only();
        return gate;
    }

    private static LatencyGate Latency(GateSettings fields)
    {
        var gate = new LatencyGate
        {
            P50 = fields.Only("p50", "p95", "p99", "requests").Duration("p50"),
            P95 = fields.Duration("p95"),
            P99 = fields.Duration("p99"),
            Requests = fields.Whole("requests", 500, 1, 1_000_000),
        };
        return gate is { P50: null, P95: null, P99: null } ? throw fields.Wrong("Give at least one of p50, p95 and p99.") : gate;
    }

    private static GoldenGate Golden(GateSettings fields)
    {
        fields.Only("file", "label", "minRecall", "maxFpr", "minAccuracy", "threshold", "maxCalibrationError", "tolerance", "expected");
        var gate = new GoldenGate
        {
            File = new() { Sha256 = "", Name = fields.Text("file", "") },
            Label = fields.Text("label", "/parameters/label"),
            MinRecall = fields.Number("minRecall"),
            MaxFpr = fields.Number("maxFpr", 0.01),
            MinAccuracy = fields.Number("minAccuracy"),
            DecisionThreshold = fields.Number("threshold", 0.5),
            MaxCalibrationError = fields.Number("maxCalibrationError"),
            Tolerance = fields.Number("tolerance"),
            Expected = fields.Text("expected", "/parameters/expected"),
        };
        return gate is { MinRecall: null, MinAccuracy: null, MaxCalibrationError: null, Tolerance: null }
            ? throw fields.Wrong("Give at least one of minRecall, minAccuracy, maxCalibrationError and tolerance.")
            : gate;
    }

    private static PairedGate Paired(GateSettings fields) => new()
    {
        MaxDisagreement = fields.Only("maxDisagreement", "tolerance", "requests", "ignore").Number("maxDisagreement", 0.05),
        Tolerance = fields.Number("tolerance", 0.1),
        Requests = fields.Whole("requests", 1000, 1, 1_000_000),
        Ignore = fields.Texts("ignore"),
    };

    private static FeatureGate Features(GateSettings fields)
    {
        fields.Only("file", "required", "ignore", "maxNullRate", "statistic", "margin", "confidence", "requests");
        var statistic = DistributionSettings.Statistic(fields);
        return new()
        {
            Reference = fields.Find("file") is null ? null : new() { Sha256 = "", Name = fields.Text("file", "") },
            Required = fields.Texts("required"),
            Ignore = fields.Texts("ignore"),
            MaxNullRate = fields.Number("maxNullRate", 0.05),
            Statistic = statistic.Name,
            Margin = fields.Number("margin", statistic.DefaultMargin),
            Confidence = DistributionSettings.Confidence(fields),
            Requests = fields.Whole("requests", 2000, 1, 1_000_000),
        };
    }

    private static ExternalGate External(GateSettings fields)
    {
        var source = fields.Only("name", "source", "low", "high", "dryRun").Section("source")
            .Only("kind", "address", "query", "value", "window", "account", "secretRef");
        var gate = new ExternalGate
        {
            Name = fields.Required("name"),
            Low = fields.Number("low"),
            High = fields.Number("high"),
            DryRun = fields.Flag("dryRun"),
            Source = new() { Kind = source.Text("kind", "stored"), Address = new("about:blank"), Query = "" },
        };
        if (gate is { Low: null, High: null, DryRun: false }) throw fields.Wrong("Give a limit: low, high or both.");
        return gate.Low > gate.High ? throw fields.Wrong("low must not be above high.") : gate;
    }
}
