using System.Globalization;
using BlueGreen.Cli.Api;
using Spectre.Console;

namespace BlueGreen.Cli.Output;

/// <summary>Events of registries for a person.</summary>
internal static class DeliveryTable
{
    public static Table Create(IEnumerable<DeliveryView> deliveries)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("when", "source", "model", "version", "endpoint", "outcome", "deployment or reason");
        foreach (var delivery in deliveries)
        {
            table.AddRow(
                new Text(delivery.ReceivedAt.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)),
                new Text(delivery.Source),
                new Text(delivery.Model ?? "-"),
                new Text(delivery.Version ?? "-"),
                new Text(delivery.Endpoint ?? "-"),
                new Text(delivery.Outcome),
                new Text(delivery.DeploymentId?.ToString() ?? delivery.Reason ?? "-"));
        }

        return table;
    }
}
