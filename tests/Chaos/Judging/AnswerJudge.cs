using System.Globalization;
using BlueGreen.Chaos.Evidence;
using BlueGreen.Demo.Load;
using BlueGreen.Demo.Verification;
using BlueGreen.Testing.Processes;

namespace BlueGreen.Chaos.Judging;

/// <summary>I1 and I6 as the clients saw them, and whether every failed request has its explanation.</summary>
internal static class AnswerJudge
{
    private const int Shown = 3;

    /// <summary>A replica's clock reading and its flip are not one instant.</summary>
    private const long RevertGrace = 50_000;

    /// <summary>A replica that stood still hears of what it missed at its next look at the database.</summary>
    private const long CatchUpGrace = 3_000_000;

    public static IEnumerable<string> FindViolations(SeedEvidence evidence) =>
        evidence.Requests.GroupBy(stream => EndpointOf(stream.Key), stream => stream.Value).SelectMany(endpoint => TwoFaced(endpoint.Key, endpoint.SelectMany(all => all)))
            .Concat(evidence.Requests.SelectMany(stream =>
                Few($"I1: {stream.Key}: stale", Cutover.Stale(stream.Value))
                    .Concat(Few($"I6: {stream.Key}: answered by a reverted deployment", Reverted(evidence, stream.Key, stream.Value)))));

    public static IEnumerable<string> FindFailures(SeedEvidence evidence) => evidence.Requests.SelectMany(stream =>
    {
        var first = stream.Value.FirstOrDefault(IsGood).Done;
        if (first == 0 && evidence.Switches.Any(row => row.Endpoint == EndpointOf(stream.Key)))
            return [$"{stream.Key}: not one of {stream.Value.Count} requests was answered"];
        // Before anything is live there is nobody to answer.
        return first == 0
            ? []
            : Few(stream.Key, stream.Value.Where(request => request.Sent > first && !IsGood(request) && !IsExplained(evidence, stream.Key, request)));
    });

    private static string EndpointOf(string stream) => stream.Split('@')[0];

    private static string RouterOf(string stream) => stream.Split('@') is [_, var router] ? router : ServiceProgram.Router;

    /// <summary>One epoch, one environment.</summary>
    private static IEnumerable<string> TwoFaced(string endpoint, IEnumerable<RequestRecord> requests) => requests
        .Where(request => request is { Environment: not null, Epoch: not null })
        .GroupBy(request => request.Epoch!)
        .Select(group => (Epoch: group.Key, Environments: group.Select(request => request.Environment!).Distinct().ToList()))
        .Where(pair => pair.Environments.Count > 1)
        .Select(pair => $"I1: {endpoint}: epoch {pair.Epoch} was answered by {string.Join(" and ", pair.Environments)}");

    private static IEnumerable<RequestRecord> Reverted(SeedEvidence evidence, string stream, IReadOnlyList<RequestRecord> requests)
    {
        var since = new Dictionary<string, long>();
        // A veto has the time of the replica that was first; that all have it is said by the alarm's answer, which counts by itself.
        var grace = evidence.Requests.Keys.Any(key => RouterOf(key) != ServiceProgram.Router) ? CatchUpGrace : RevertGrace;
        foreach (var veto in evidence.Vetoes)
            Note(veto.DeploymentId, (long)(veto.RevertedAt - evidence.ClockZero).TotalMicroseconds + grace);
        foreach (var alarm in evidence.Alarms.Where(alarm => alarm.Reverted is not null)) Note(alarm.Reverted!.Value, alarm.AnsweredAt);
        return requests.Where(request => request.Environment is { } environment && since.TryGetValue(environment, out var end)
            && request.Sent > end && !MissedIt(evidence, stream, end, request));

        void Note(Guid deployment, long at)
        {
            if (evidence.Deployments.FirstOrDefault(row => row.Id == deployment) is not { } row) return;
            var key = row.EnvironmentId.ToString();
            since[key] = Math.Min(at, since.GetValueOrDefault(key, long.MaxValue));
        }
    }

    private static bool IsGood(RequestRecord request) => request is { Status: >= 200 and < 300, Environment: not null, Epoch: not null };

    /// <summary>The replica stood still when the others went back, and could not have heard of it by then.</summary>
    private static bool MissedIt(SeedEvidence evidence, string stream, long reverted, RequestRecord request) => evidence.RouterOutages.Any(outage =>
        outage.Router == RouterOf(stream) && outage.From <= reverted && reverted <= outage.To && request.Sent <= outage.To + CatchUpGrace);

    /// <summary>The router was down by our doing at some time between the request's begin and end, or the model itself said no.</summary>
    private static bool IsExplained(SeedEvidence evidence, string stream, RequestRecord request) =>
        evidence.RouterOutages.Any(outage =>
            outage.IsDown && outage.Router == RouterOf(stream) && request.Sent <= outage.To && request.Done >= outage.From)
        || (request.Version is { } version && request.Status == 500 && evidence.FailingVersions.Contains(version));

    private static IEnumerable<string> Few(string kind, IEnumerable<RequestRecord> requests)
    {
        var all = requests.ToList();
        foreach (var request in all.Take(Shown)) yield return $"{kind}: {Describe(request)}";
        if (all.Count > Shown) yield return $"{kind}: {all.Count - Shown} more, the last: {Describe(all[^1])}";
    }

    private static string Describe(RequestRecord request) => string.Create(CultureInfo.InvariantCulture,
        $"sent at {request.Sent / 1e6:0.000} s, done at {request.Done / 1e6:0.000} s: status {request.Status}, environment {request.Environment ?? "-"}, ")
        + $"version {request.Version ?? "-"}, epoch {request.Epoch ?? "-"}{(request.Error is { } error ? $", {error}" : "")}";
}
