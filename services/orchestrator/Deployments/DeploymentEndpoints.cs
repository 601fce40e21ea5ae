using System.Globalization;
using BlueGreen.Contracts;
using BlueGreen.Orchestrator.History;
using BlueGreen.Orchestrator.Persistence;
using BlueGreen.Platform.Http;
using BlueGreen.Platform.Persistence;
using Microsoft.EntityFrameworkCore;

namespace BlueGreen.Orchestrator.Deployments;

/// <summary>What operators ask and order.</summary>
internal static class DeploymentEndpoints
{
    private const int MostRows = 500;

    public static void MapDeployments(this IEndpointRouteBuilder api)
    {
        var deployments = api.MapGroup("/deployments").WithTags("Deployments");
        deployments.MapGet("/", ListAsync).WithName("ListDeployments").WithSummary("Deployments, newest first.");
        deployments.MapPost("/", PromoteAsync).WithName("Promote").WithSummary("Promotes a model version to an endpoint.");
        deployments.MapGet("/{id:guid}", GetAsync).WithName("GetDeployment").WithSummary("One deployment with its evidence.");
        deployments.MapGet("/{id:guid}/events", FollowAsync).WithName("FollowDeployment")
            .WithSummary("Server-sent events until the deployment ends; resumes after Last-Event-ID.");
        deployments.MapPost("/{id:guid}/rollback", RollBackAsync).WithName("RollBack")
            .WithSummary("Takes the deployment out of traffic, for good.");
    }

    private static async Task<IReadOnlyList<DeploymentSummary>> ListAsync(
        IServiceStore<OrchestratorDbContext> store, string? endpoint, int limit = 50, CancellationToken cancellationToken = default)
    {
        var rows = await store.ReadAsync((db, token) => db.Deployments
            .Where(row => endpoint == null || row.Endpoint == endpoint)
            .OrderByDescending(row => row.PromotedAt).Take(Math.Clamp(limit, 1, MostRows)).ToListAsync(token), cancellationToken);
        return rows.ConvertAll(DeploymentSummary.From);
    }

    private static async Task<IResult> GetAsync(Guid id, IServiceStore<OrchestratorDbContext> store, CancellationToken cancellationToken) =>
        await FindAsync(store, id, cancellationToken) is { } row
            ? Results.Ok(DeploymentView.From(row))
            : ProblemResults.NotFound($"There is no deployment {id}.");

    private static async Task<IResult> PromoteAsync(
        PromotionRequest request, IServiceStore<OrchestratorDbContext> store, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (PromotionValidation.Check(request) is { } problem) return problem;
        var known = await store.ReadAsync(
            (db, token) => db.Endpoints.AnyAsync(endpoint => endpoint.Name == request.Endpoint, token), cancellationToken);
        if (!known) return ProblemResults.Invalid(422, "endpoint", $"There is no endpoint '{request.Endpoint}'; apply its policy first.");
        var promoted = PromotionValidation.ToMessage(request, clock.GetUtcNow());
        await store.WriteAsync(async (transaction, token) =>
        {
            await transaction.PublishAsync(promoted, token);
            return true;
        }, cancellationToken);
        return Results.Accepted($"/api/v1/deployments/{promoted.DeploymentId}", new DeploymentAccepted(promoted.DeploymentId));
    }

    private static async Task<IResult> FollowAsync(
        Guid id, HttpContext http, IServiceStore<OrchestratorDbContext> store, DeploymentEvents events, CancellationToken cancellationToken)
    {
        if (await FindAsync(store, id, cancellationToken) is null) return ProblemResults.NotFound($"There is no deployment {id}.");
        var after = long.TryParse(http.Request.Headers["Last-Event-ID"], CultureInfo.InvariantCulture, out var last) ? last : 0;
        return Results.ServerSentEvents(events.FollowAsync(id, after, cancellationToken));
    }

    private static async Task<IResult> RollBackAsync(
        Guid id, RollbackRequest request, IServiceStore<OrchestratorDbContext> store, CancellationToken cancellationToken)
    {
        if (await FindAsync(store, id, cancellationToken) is not { } row) return ProblemResults.NotFound($"There is no deployment {id}.");
        if (row.EndedAt is not null) return ProblemResults.Conflict($"Deployment {id} has ended as {row.CurrentState}.");
        if (string.IsNullOrWhiteSpace(request.Reason))
            return ProblemResults.Invalid(422, "reason", "Say why: the reason goes into the history and to the people who are told.");
        var rollback = new RollbackRequested
        {
            DeploymentId = id,
            Endpoint = row.Endpoint,
            Reason = request.Reason,
            RequestedBy = request.RequestedBy ?? "operator",
        };
        await store.WriteAsync(async (transaction, token) =>
        {
            await transaction.PublishAsync(rollback, token);
            return true;
        }, cancellationToken);
        return Results.Accepted($"/api/v1/deployments/{id}", new DeploymentAccepted(id));
    }

    private static Task<Deployment?> FindAsync(IServiceStore<OrchestratorDbContext> store, Guid id, CancellationToken cancellationToken) =>
        store.ReadAsync((db, token) => db.Deployments.SingleOrDefaultAsync(row => row.CorrelationId == id, token), cancellationToken);
}
