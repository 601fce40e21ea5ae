using BlueGreen.Demo.Hosting;

namespace BlueGreen.Demo.Stories;

/// <summary>One promotion and how it has to end.</summary>
/// <param name="Name">E.g. <c>v4</c>.</param>
/// <param name="Title">What the audience is told.</param>
/// <param name="Release">The model that is promoted.</param>
/// <param name="Outcome">The end state.</param>
/// <param name="Serving">Versions that may answer while it plays.</param>
/// <param name="ServingAfter">The one version that answers afterwards.</param>
/// <param name="Limits">What its bake tolerates.</param>
/// <param name="Alarmed">True: the demo's own alarm rule watches it, as an alerting system would.</param>
internal sealed record Story(
    string Name, string Title, ModelRelease Release, string Outcome, IReadOnlyList<string> Serving, string ServingAfter,
    BakeLimits Limits, bool Alarmed = false)
{
    /// <param name="models">Five.</param>
    /// <param name="redeploys">True: v2 is deployed once more after itself, and its gates compare it with itself.</param>
    public static IReadOnlyList<Story> Of(IReadOnlyList<ModelRelease> models, bool redeploys)
    {
        if (models.Count != 5) throw new DemoException($"Five models are expected of the trainer; there are {models.Count}.");
        var (v1, v2, v3, v4, v5) = (models[0], models[1], models[2], models[3], models[4]);
        var again = v2 with { Version = $"{v2.Version}-again" };
        var good = redeploys ? again : v2;
        return
        [
            new("v1", "the first deployment: nothing to compare with, absolute gates only", v1, "Committed",
                [v1.Version], v1.Version, BakeLimits.Strict),
            new("v2", "a good retrain: blue to green, all requests at once", v2, "Committed",
                [v1.Version, v2.Version], v2.Version, BakeLimits.Strict),
            .. redeploys ? [new Story("v2-again", "the same model once more: no gate mistakes it for another", again, "Committed",
                [v2.Version, again.Version], again.Version, BakeLimits.Strict)] : Array.Empty<Story>(),
            new("v3", "trained on a broken feature: a gate refuses it, traffic never moves", v3, "Failed",
                [good.Version], good.Version, BakeLimits.Strict),
            new("v4", "good offline, bad on live traffic: an alarm takes it out", v4, "RolledBack",
                [good.Version, v4.Version], good.Version, BakeLimits.Loose, Alarmed: true),
            new("v5", "a little bad on live traffic: no alarm, its own bake takes it out", v5, "RolledBack",
                [good.Version, v5.Version], good.Version, BakeLimits.Strict),
        ];
    }
}

/// <summary>Limits of a bake.</summary>
/// <param name="Duration">Policy duration.</param>
/// <param name="ErrorRate">Largest share of failed requests.</param>
/// <param name="NullRate">Largest share of null predictions.</param>
/// <param name="LatencyP99">Largest 99th percentile.</param>
internal sealed record BakeLimits(string Duration, string ErrorRate, string NullRate, string LatencyP99)
{
    public static BakeLimits Strict { get; } = new("8s", "1%", "1%", "2s");

    /// <summary>So loose that only an alarm can take a deployment out.</summary>
    public static BakeLimits Loose { get; } = new("30s", "90%", "90%", "9s");
}
