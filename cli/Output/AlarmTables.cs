using System.Globalization;
using BlueGreen.Cli.Api;
using Spectre.Console;

namespace BlueGreen.Cli.Output;

/// <summary>Alarms and blocked versions for a person.</summary>
internal static class AlarmTables
{
    public static Table Alarms(IEnumerable<AlarmView> alarms)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("when", "source", "alarm", "endpoint", "decision");
        foreach (var alarm in alarms)
            table.AddRow(new Text(When(alarm.At)), new Text(alarm.Source), new Text(alarm.Name), new Text(alarm.Endpoint ?? "-"), new Text(alarm.Decision));
        return table;
    }

    public static Table Blocks(IEnumerable<BlockView> blocks)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("since", "endpoint", "model", "version", "reason");
        foreach (var block in blocks)
            table.AddRow(new Text(When(block.BlockedAt)), new Text(block.Endpoint), new Text(block.Model), new Text(block.Version), new Text(block.Reason));
        return table;
    }

    private static string When(DateTimeOffset time) => time.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
