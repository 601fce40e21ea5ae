using System.Globalization;
using BlueGreen.Cli.Api;
using Spectre.Console;

namespace BlueGreen.Cli.Output;

/// <summary>A deployment for a person: headline, stages with their times, gates with their evidence.</summary>
internal static class DeploymentTables
{
    public static string Headline(DeploymentView deployment)
    {
        var reason = string.IsNullOrEmpty(deployment.Reason) ? "" : $": {deployment.Reason}";
        var overhead = deployment.OverheadMilliseconds is { } ms
            ? string.Create(CultureInfo.InvariantCulture, $" (orchestration overhead {ms:0} ms)")
            : "";
        return $"{deployment.Model} {deployment.Version} on {deployment.Endpoint}: {deployment.State}{reason}{overhead}";
    }

    public static Table List(IEnumerable<DeploymentView> deployments)
    {
        var table = Plain("deployment", "model", "state", "promoted", "reason");
        foreach (var deployment in deployments)
        {
            table.AddRow(
                new Text(deployment.Id.ToString()),
                new Text($"{deployment.Model} {deployment.Version}"),
                Coloured(deployment.State),
                new Text(deployment.PromotedAt?.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) ?? ""),
                new Text(FirstLine(deployment.Reason)));
        }

        return table;
    }

    public static Table Stages(IEnumerable<StageView> stages)
    {
        var table = Plain("stage", "attempt", "took", "outcome", "reason");
        table.Columns[2].RightAligned();
        foreach (var stage in stages)
        {
            table.AddRow(
                new Text(stage.Stage),
                new Text(stage.Attempt.ToString(CultureInfo.InvariantCulture)),
                new Text(stage.ElapsedMilliseconds is { } ms ? string.Create(CultureInfo.InvariantCulture, $"{ms:N0} ms") : "…"),
                Coloured(stage.Outcome ?? ""),
                new Text(FirstLine(stage.Reason)));
        }

        return table;
    }

    public static Table Warmth(IEnumerable<WarmthView> replicas)
    {
        var table = Plain("replica", "cold p99", "warm p99", "requests", "at a time", "restarts", "warm-up ended");
        foreach (var replica in replicas)
        {
            table.AddRow(
                new Text(replica.Index.ToString(CultureInfo.InvariantCulture)),
                new Text(Number(replica.ColdP99Milliseconds, "ms")),
                new Text(Number(replica.WarmP99Milliseconds, "ms")),
                new Text(replica.Requests.ToString(CultureInfo.InvariantCulture)),
                new Text(replica.Concurrency.ToString(CultureInfo.InvariantCulture)),
                new Text(replica.Restarts.ToString(CultureInfo.InvariantCulture)),
                new Text(FirstLine(replica.StopReason)));
        }

        return table;
    }

    public static Table Gates(string title, IEnumerable<GateView> gates)
    {
        var table = Plain(title, "verdict", "value", "threshold", "samples", "evidence");
        foreach (var gate in gates)
        {
            table.AddRow(
                new Text(gate.Gate),
                Coloured(gate.Verdict),
                new Text(Number(gate.Value, gate.Unit)),
                new Text(Number(gate.Threshold, gate.Unit)),
                new Text(gate.Samples.ToString(CultureInfo.InvariantCulture)),
                new Text(gate.Summary ?? ""));
        }

        return table;
    }

    public static Text Coloured(string word) => new(word, new Style(word switch
    {
        "Passed" or "Committed" => Color.Green,
        "Failed" or "Faulted" => Color.Red,
        "RolledBack" or "Inconclusive" or "Rejected" or "Cancelled" or "Superseded" or "Held" or "AwaitingApproval" => Color.Yellow,
        _ => Color.Default,
    }));

    // The whole of it, a stack trace perhaps, is in the headline and in --json.
    private static string FirstLine(string? text) => text is null ? "" : text.Split('\n', 2)[0].TrimEnd();

    private static string Number(double? value, string? unit) =>
        value is { } number ? string.Create(CultureInfo.InvariantCulture, $"{number:G4} {unit}") : "-";

    private static Table Plain(params string[] columns) => new Table().Border(TableBorder.Simple).AddColumns(columns);
}
