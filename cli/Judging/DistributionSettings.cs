using BlueGreen.Contracts;
using BlueGreen.Judging.Distributions;

namespace BlueGreen.Cli.Judging;

/// <summary>A <c>distribution</c> gate as a policy writes it.</summary>
internal static class DistributionSettings
{
    /// <summary>The statistic at its default margin.</summary>
    public static DistributionGate Default(DistributionStatistic statistic) => new()
    {
        Statistic = statistic.Name,
        Margin = statistic.DefaultMargin,
        Confidence = 0.95,
        MinSamples = 1000,
        MaxSamples = 5000,
    };

    public static DistributionGate Read(GateSettings fields)
    {
        fields.Only("statistic", "margin", "confidence", "samples", "bins", "binRule", "epsilon", "logBase", "slices", "ignore", "calibrate");
        var statistic = Statistic(fields);
        var epsilon = fields.Number("epsilon", 0.0001);
        if (epsilon is not (> 0 and <= 0.1)) throw GateSettings.Wrong(fields.Find("epsilon")!, "epsilon is a number above 0, up to 0.1.");
        var (min, max) = fields.Range("samples", 1000, 5000);
        var slices = fields.Section("slices").Only("by", "minSamples");
        var margin = fields.Number("margin", statistic.DefaultMargin);
        return Default(statistic) with
        {
            Margin = margin,
            Confidence = Confidence(fields),
            MinSamples = min,
            MaxSamples = max,
            Bins = fields.Whole("bins", 10, 2, 1000),
            BinRule = Rule(fields),
            Epsilon = epsilon,
            LogBase = LogBase(fields),
            SliceBy = fields.Find("slices") is null ? null : slices.Required("by"),
            Ignore = fields.Texts("ignore"),
            Calibration = fields.Find("calibrate") is null ? null : Calibration(fields.Section("calibrate"), margin),
            MinSliceSamples = slices.Whole("minSamples", 200, 1, 1_000_000),
        };
    }

    /// <exception cref="CommandFailure">No such statistic.</exception>
    public static DistributionStatistic Statistic(GateSettings fields)
    {
        var name = fields.Text("statistic", DistributionStatistic.KolmogorovSmirnov);
        return DistributionStatistic.Find(name) ?? throw GateSettings.Wrong(
            fields.Find("statistic")!, $"'{name}' is not a statistic: {string.Join(", ", DistributionStatistic.All.Select(known => known.Name))}.");
    }

    public static double Confidence(GateSettings fields)
    {
        var confidence = fields.Number("confidence", 0.95);
        return confidence is >= 0.5 and <= 0.9999
            ? confidence
            : throw GateSettings.Wrong(fields.Find("confidence")!, "confidence is a share from 50% to 99.99%.");
    }

    private static double LogBase(GateSettings fields) => fields.Text("logBase", "e") switch
    {
        "e" => Math.E,
        "2" => 2,
        _ => throw GateSettings.Wrong(fields.Find("logBase")!, "logBase is e or 2."),
    };

    /// <summary>The retrains are those that were read when the deployment was judged.</summary>
    private static MarginCalibration Calibration(GateSettings fields, double margin) => new()
    {
        Splits = fields.Only("retrains", "splits", "quantile", "maxMargin").Whole("splits", 50, 20, 1000),
        Quantile = fields.Number("quantile", 0.95),
        MaxMargin = fields.Number("maxMargin", 2 * margin),
    };

    private static BinRule Rule(GateSettings fields) => fields.Text("binRule", "quantile") switch
    {
        "quantile" => BinRule.Quantile,
        "width" => BinRule.Width,
        "sturges" => BinRule.Sturges,
        _ => throw GateSettings.Wrong(fields.Find("binRule")!, "binRule is quantile, width or sturges."),
    };
}
