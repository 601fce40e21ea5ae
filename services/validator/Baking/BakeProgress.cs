using BlueGreen.Contracts;

namespace BlueGreen.Validator.Baking;

/// <summary>The verdicts of one bake: the routers' metrics and those of monitoring systems together.</summary>
internal sealed class BakeProgress(BakeJudge judge, IReadOnlyList<ExternalMetric> external, bool asksRouters)
{
    public BakeJudge Judge => judge;

    public IReadOnlyList<ExternalMetric> External => external;

    /// <summary>Whether any metric is of the routers' windows.</summary>
    public bool AsksRouters => asksRouters;

    /// <summary>The last probe of blue; null: there is none, or none yet.</summary>
    public GateResult? Blue { get; set; }

    public IReadOnlyList<GateResult> Results =>
        [.. judge.Results, .. external.Select(metric => metric.Result), .. Blue is { } blue ? [blue] : Array.Empty<GateResult>()];

    public string? Failure => judge.Failure ?? external.Select(metric => metric.Failure).FirstOrDefault(failure => failure is not null);

    /// <summary>Why waiting longer is useless; null while it is not.</summary>
    public string? GivenUp => external.Select(metric => metric.GivenUp).FirstOrDefault(reason => reason is not null);

    /// <summary>True when there are metrics and the last look at each of them passed.</summary>
    public bool AllPassed =>
        (!asksRouters || judge.AllPassed) && (asksRouters || external.Count > 0) && external.All(metric => metric.Result.Verdict == Verdict.Passed);

    /// <summary>What keeps the bake from passing, for people.</summary>
    public string WhyNotPassed() => string.Join("; ", external.Select(metric => metric.Result).Where(result => result.Verdict != Verdict.Passed)
        .Select(result => $"{result.Gate}: {result.Summary}").Concat(asksRouters || external.Count == 0 ? [judge.WhyNotPassed()] : [])
        .Where(why => why.Length > 0));
}
