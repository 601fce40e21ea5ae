using System.Globalization;
using BlueGreen.Demo.Load;

namespace BlueGreen.Demo.Verification;

/// <summary>Computes a run's figures from its log alone, and finds what must not be in it.</summary>
internal static class LogVerifier
{
    private const int ShownPerKind = 3;

    public static RunFigures Verify(ClientLog log)
    {
        var requests = log.Requests;
        var latencies = requests.Select(request => (request.Done - request.Due) / 1e3).Order().ToArray();
        var seconds = requests.Count > 1 ? (requests[^1].Sent - requests[0].Sent) / 1e6 : 0;
        return new RunFigures
        {
            Requests = requests.Count,
            Failed = requests.Count(request => request.Failed),
            Rate = seconds > 0 ? (requests.Count - 1) / seconds : 0,
            LatencyP50Milliseconds = Percentile(latencies, 0.50),
            LatencyP99Milliseconds = Percentile(latencies, 0.99),
            SwitchMilliseconds = Cutover.LongestOverlap(requests),
            RollbackMilliseconds = Rollback(log),
            Faults =
            [
                .. requests.Count == 0 ? ["no request was sent"] : Array.Empty<string>(),
                .. Shown("failed", requests.Where(request => request.Failed)),
                .. Shown("refused", requests.Where(request => request is { Failed: false, Status: < 200 or >= 300 })),
                .. Shown("without the platform's headers", requests.Where(IsUnattributed)),
                .. Shown("stale", Cutover.Stale(requests)),
                .. Shown("answered by a version that had no business to", AnsweredByOthers(log)),
            ],
        };
    }

    /// <summary>Latest send time among the alarmed green's answers, counted from the alarm; 0 when green answered nothing sent after it.</summary>
    private static double? Rollback(ClientLog log)
    {
        double? longest = null;
        foreach (var alarm in log.Marks.Where(mark => mark.Kind == Mark.Alarm))
        {
            var last = log.Requests.LastOrDefault(request => alarm.Versions.Contains(request.Version));
            longest = Math.Max(longest ?? 0, (last.Sent - alarm.At) / 1e3);
        }

        return longest;
    }

    private static IEnumerable<RequestRecord> AnsweredByOthers(ClientLog log)
    {
        IReadOnlyList<string>? allowed = null;
        var next = 0;
        var marks = log.Marks.Where(mark => mark.Kind is Mark.Begin or Mark.End).ToList();
        foreach (var request in log.Requests)
        {
            for (; next < marks.Count && marks[next].At <= request.Sent; next++) allowed = marks[next].Versions;
            if (request.Version is not null && allowed is not null && !allowed.Contains(request.Version)) yield return request;
        }
    }

    private static bool IsUnattributed(RequestRecord request) =>
        !request.Failed && (request.Environment is null || request.Version is null || RouteEpoch.Parse(request.Epoch) is null);

    private static IEnumerable<string> Shown(string kind, IEnumerable<RequestRecord> requests)
    {
        var all = requests.ToList();
        foreach (var request in all.Take(ShownPerKind)) yield return $"{kind}: {Describe(request)}";
        if (all.Count > ShownPerKind) yield return $"{kind}: {all.Count - ShownPerKind} more";
    }

    private static string Describe(RequestRecord request) => string.Create(CultureInfo.InvariantCulture,
        $"request sent at {request.Sent / 1e6:0.000} s, done at {request.Done / 1e6:0.000} s: status {request.Status}, ")
        + $"version {request.Version ?? "-"}, epoch {request.Epoch ?? "-"}{(request.Error is { } error ? $", {error}" : "")}";

    private static double Percentile(double[] sorted, double share) =>
        sorted.Length == 0 ? 0 : sorted[Math.Min(sorted.Length - 1, (int)(share * sorted.Length))];
}
