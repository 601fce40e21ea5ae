using BlueGreen.Cli.Api;
using Spectre.Console;

namespace BlueGreen.Cli.Output;

internal static class EndpointTable
{
    public static Table Create(IEnumerable<EndpointView> endpoints)
    {
        var table = new Table().Border(TableBorder.Simple)
            .AddColumns("endpoint", "path", "epoch", "live", "policy", "deploying", "queued");
        foreach (var endpoint in endpoints)
        {
            table.AddRow(
                new Text(endpoint.Name),
                new Text(endpoint.Path ?? ""),
                new Text(endpoint.Epoch?.ToString() is { Length: > 0 } epoch ? epoch : "-"),
                new Text(endpoint.Live is { } live ? $"{live.Model} {live.Version}" : "nothing"),
                new Text(endpoint.Revision is { } revision ? $"revision {revision}" : "-"),
                new Text(endpoint.ActiveDeployment?.ToString() ?? "-"),
                new Text(endpoint.QueuedDeployment?.ToString() ?? "-"));
        }

        return table;
    }
}
