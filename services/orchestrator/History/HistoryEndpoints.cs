using BlueGreen.Orchestrator.Persistence;
using BlueGreen.Platform.Persistence;
using Microsoft.EntityFrameworkCore;

namespace BlueGreen.Orchestrator.History;

internal static class HistoryEndpoints
{
    private const int MostRows = 1000;

    public static void MapHistory(this IEndpointRouteBuilder api) =>
        api.MapGet("/history", ListAsync).WithName("ListHistory").WithSummary("What happened, oldest first.");

    private static async Task<IReadOnlyList<HistoryEntry>> ListAsync(
        IServiceStore<OrchestratorDbContext> store,
        string? endpoint,
        Guid? deployment,
        long after = 0,
        int limit = 200,
        CancellationToken cancellationToken = default)
    {
        var rows = await store.ReadAsync((db, token) => db.History
            .Where(row => row.Sequence > after
                && (endpoint == null || row.Endpoint == endpoint) && (deployment == null || row.DeploymentId == deployment))
            .OrderBy(row => row.Sequence).Take(Math.Clamp(limit, 1, MostRows)).ToListAsync(token), cancellationToken);
        return rows.ConvertAll(HistoryEntry.From);
    }
}
