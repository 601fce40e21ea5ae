using BlueGreen.Orchestrator.Endpoints;
using BlueGreen.Orchestrator.History;
using BlueGreen.Orchestrator.Persistence;
using BlueGreen.Platform.Http;
using BlueGreen.Platform.Persistence;
using Microsoft.EntityFrameworkCore;

namespace BlueGreen.Orchestrator.Blocks;

/// <summary>What is blocked, and how an operator clears it.</summary>
internal static class BlockEndpoints
{
    public static void MapBlocks(this IEndpointRouteBuilder api)
    {
        api.MapGet("/blocks", ListAsync).WithTags("Endpoints").WithName("ListBlocks")
            .WithSummary("Model versions that were rolled back and cannot be promoted automatically.");
        api.MapPost("/endpoints/{name}/unblock", UnblockAsync).WithTags("Endpoints").WithName("Unblock")
            .WithSummary("Lets a model version that was rolled back be promoted automatically again.");
    }

    private static async Task<IReadOnlyList<BlockView>> ListAsync(
        IServiceStore<OrchestratorDbContext> store, string? endpoint, CancellationToken cancellationToken)
    {
        var rows = await store.ReadAsync(
            (db, token) => db.Endpoints.Where(row => endpoint == null || row.Name == endpoint).OrderBy(row => row.Name).ToListAsync(token),
            cancellationToken);
        return [.. rows.SelectMany(row => row.Blocked().Select(block => BlockView.From(row, block)))];
    }

    private static async Task<IResult> UnblockAsync(
        string name, UnblockRequest request, IServiceStore<OrchestratorDbContext> store, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(request.Version)) return ProblemResults.Invalid(422, "version", "Say which model version.");
        if (string.IsNullOrWhiteSpace(request.Reason)) return ProblemResults.Invalid(422, "reason", "Say why: the reason goes into the history.");
        var cleared = await store.WriteAsync(async (transaction, token) =>
        {
            if (await transaction.Db.LockEndpointAsync(name, token) is not { } row) return [];
            var (meant, others) = Split(row, request);
            if (meant.Count > 0) row.SetBlocked(others);
            foreach (var block in meant) transaction.Db.History.Add(Entry(name, block, request, clock.GetUtcNow()));
            return meant.ConvertAll(block => BlockView.From(row, block));
        }, cancellationToken);
        return cleared.Count > 0
            ? Results.Ok(cleared)
            : ProblemResults.NotFound($"Version '{request.Version}' is not blocked on '{name}'; `GET /api/v1/blocks` lists what is.");
    }

    private static (List<VersionBlock> Meant, List<VersionBlock> Others) Split(EndpointRow row, UnblockRequest request)
    {
        var blocks = row.Blocked().ToLookup(
            block => block.Version == request.Version && (request.Model is null || block.Model == request.Model));
        return ([.. blocks[true]], [.. blocks[false]]);
    }

    private static HistoryRow Entry(string endpoint, VersionBlock block, UnblockRequest request, DateTimeOffset now) => new()
    {
        At = now,
        Endpoint = endpoint,
        DeploymentId = block.DeploymentId,
        Kind = "unblocked",
        Summary = $"{block.Model} {block.Version} may be promoted automatically again: {request.Reason}",
        Actor = request.RequestedBy ?? "operator",
    };
}

/// <summary>A blocked version.</summary>
internal sealed record BlockView(string Endpoint, string Model, string Version, Guid DeploymentId, string Reason, DateTimeOffset BlockedAt)
{
    public static BlockView From(EndpointRow endpoint, VersionBlock block) =>
        new(endpoint.Name, block.Model, block.Version, block.DeploymentId, block.Reason, block.BlockedAt);
}

/// <summary>Body of <c>POST /api/v1/endpoints/{name}/unblock</c>; without a model, every model's version of that name.</summary>
internal sealed record UnblockRequest(string? Version, string? Model, string? Reason, string? RequestedBy);
