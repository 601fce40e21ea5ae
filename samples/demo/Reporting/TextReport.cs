using System.Globalization;
using BlueGreen.Cli.Output;
using Spectre.Console;

namespace BlueGreen.Demo.Reporting;

/// <summary>The summary for a person.</summary>
internal static class TextReport
{
    public static void Write(IAnsiConsole console, RunReport report)
    {
        foreach (var result in report.Stories)
        {
            console.WriteLine();
            console.WriteLine($"{result.Story.Name}: {result.Story.Title}");
            console.WriteLine(DeploymentTables.Headline(result.Deployment));
            console.Write(DeploymentTables.Stages(result.Deployment.Stages));
            if (result.Deployment.Gates.Count > 0) console.Write(DeploymentTables.Gates("gate", result.Deployment.Gates));
            if (result.Deployment.BakeMetrics.Count > 0) console.Write(DeploymentTables.Gates("bake metric", result.Deployment.BakeMetrics));
        }

        console.WriteLine();
        console.Write(Figures(report));
        foreach (var fault in report.Faults) console.Write(new Text($"FAULT  {fault}\n", new Style(Color.Red)));
        if (report.Faults.Count == 0) console.Write(new Text("Every story ended as told, and every request was answered.\n", new Style(Color.Green)));
    }

    private static Table Figures(RunReport report)
    {
        var figures = report.Figures;
        var table = new Table().Border(TableBorder.Simple).HideHeaders().AddColumns("", "");
        table.AddRow("requests", string.Create(CultureInfo.InvariantCulture, $"{figures.Requests} ({figures.Rate:0.0} per second, open loop)"));
        table.AddRow("failed", figures.Failed.ToString(CultureInfo.InvariantCulture));
        table.AddRow("latency", string.Create(CultureInfo.InvariantCulture,
            $"p50 {figures.LatencyP50Milliseconds:0.0} ms, p99 {figures.LatencyP99Milliseconds:0.0} ms, from the moment each request was due"));
        table.AddRow("switch", $"{Milliseconds(figures.SwitchMilliseconds)} in which both environments took requests (longest)");
        table.AddRow("rollback", $"{Milliseconds(figures.RollbackMilliseconds)} from the alarm's first byte to the last request that green answered");
        table.AddRow("overhead", string.Join(", ", report.Stories.Select(result => string.Create(CultureInfo.InvariantCulture,
            $"{result.Story.Name} {result.Deployment.OverheadMilliseconds:0} ms"))));
        return table;
    }

    private static string Milliseconds(double? value) =>
        value is { } number ? string.Create(CultureInfo.InvariantCulture, $"{number:0.0} ms") : "-";
}
