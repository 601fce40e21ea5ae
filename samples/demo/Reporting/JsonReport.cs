using System.Text.Json;
using System.Text.Json.Serialization;
using BlueGreen.Cli.Api;

namespace BlueGreen.Demo.Reporting;

/// <summary>The machine-readable last line of <c>./demo --json</c>.</summary>
internal sealed record JsonReport
{
    public required IReadOnlyList<JsonStory> Stories { get; init; }
    public required int Requests { get; init; }
    public required int Failed { get; init; }
    public double? SwitchMs { get; init; }
    public double? RollbackMs { get; init; }
    public required double Rate { get; init; }
    public required double LatencyP50Ms { get; init; }
    public required double LatencyP99Ms { get; init; }
    public required IReadOnlyList<string> Faults { get; init; }

    public static string Line(RunReport report) => JsonSerializer.Serialize(From(report), ReportJson.Default.JsonReport);

    private static JsonReport From(RunReport report) => new()
    {
        Stories = [.. report.Stories.Select(JsonStory.From)],
        Requests = report.Figures.Requests,
        Failed = report.Figures.Failed,
        SwitchMs = Rounded(report.Figures.SwitchMilliseconds),
        RollbackMs = Rounded(report.Figures.RollbackMilliseconds),
        Rate = Math.Round(report.Figures.Rate, 1),
        LatencyP50Ms = Math.Round(report.Figures.LatencyP50Milliseconds, 2),
        LatencyP99Ms = Math.Round(report.Figures.LatencyP99Milliseconds, 2),
        Faults = report.Faults,
    };

    internal static double? Rounded(double? value) => value is { } number ? Math.Round(number, 2) : null;
}

internal sealed record JsonStory
{
    public required string Model { get; init; }
    public required string Outcome { get; init; }
    public string? Reason { get; init; }
    public double? OverheadMs { get; init; }
    public required double ElapsedMs { get; init; }

    /// <summary>Milliseconds by stage; attempts of one stage are added up.</summary>
    public required IReadOnlyDictionary<string, double> Stages { get; init; }
    public required IReadOnlyList<GateView> Gates { get; init; }
    public required IReadOnlyList<GateView> BakeMetrics { get; init; }

    public static JsonStory From(Stories.StoryResult result) => new()
    {
        Model = result.Story.Name,
        Outcome = result.Deployment.State,
        Reason = result.Deployment.Reason,
        OverheadMs = JsonReport.Rounded(result.Deployment.OverheadMilliseconds),
        ElapsedMs = Math.Round(result.ElapsedMilliseconds, 1),
        Stages = result.Deployment.Stages.GroupBy(stage => stage.Stage)
            .ToDictionary(group => group.Key, group => Math.Round(group.Sum(stage => stage.ElapsedMilliseconds ?? 0), 1)),
        Gates = result.Deployment.Gates,
        BakeMetrics = result.Deployment.BakeMetrics,
    };
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(JsonReport))]
internal sealed partial class ReportJson : JsonSerializerContext;
