using BlueGreen.Cli.Api;
using Spectre.Console;

namespace BlueGreen.Cli.Output;

/// <summary>Routes, and the load balancers in front of them, for a person.</summary>
internal static class RouteTable
{
    public static Table Create(IEnumerable<RouteView> routes)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("endpoint", "path", "epoch", "live", "way back", "load balancer");
        foreach (var route in routes)
        {
            table.AddRow(
                new Text(route.Endpoint),
                new Text(route.Path),
                new Text(route.Epoch),
                new Text(route.Live?.ToString() ?? "nothing"),
                new Text(route.Standby?.ToString() ?? "none"),
                new Text(route.Driver is { } driver ? $"{driver.Driver}: {driver.Standing}" : "-"));
        }

        return table;
    }

    /// <summary>What an operator has to know of it: all of it only where it does not follow.</summary>
    public static IEnumerable<string> Lines(RouteDriverView driver)
    {
        yield return $"{driver.Driver}: {driver.Standing}{(driver.InFlight is { } count ? $", {count} in flight at what is not live" : "")}";
        if (driver.Problem is { } problem) yield return $"  {problem}";
        if (driver.Standing == "InSync" || (driver.Wanted ?? driver.Found) is null) yield break;
        yield return $"  wanted  {driver.Wanted?.ReplaceLineEndings("\n          ")}";
        yield return $"  found   {driver.Found?.ReplaceLineEndings("\n          ")}";
    }
}
