using BlueGreen.Platform.Http;
using BlueGreen.Platform.Persistence;
using BlueGreen.RegistryListener.Persistence;
using Microsoft.EntityFrameworkCore;

namespace BlueGreen.RegistryListener.Webhooks;

/// <summary><c>GET /api/v1/deliveries</c>: what registries said and what became of it, the newest first.</summary>
internal static class DeliveriesEndpoint
{
    private const int DefaultLimit = 50;
    private const int MaxLimit = 500;

    public static void MapDeliveries(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGroup("/api/v1").RequireOperator().MapGet("/deliveries", ListAsync)
            .WithName("ListDeliveries")
            .WithSummary("Events of registries and what became of them, newest first")
            .Produces<IReadOnlyList<DeliveryView>>()
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    private static async Task<IResult> ListAsync(
        IServiceStore<RegistryListenerDbContext> store, CancellationToken cancellationToken,
        string? source = null, string? endpoint = null, string? model = null, string? outcome = null, DateTimeOffset? before = null, int limit = DefaultLimit)
    {
        if (outcome is not (null or "accepted" or "ignored"))
            return ProblemResults.Invalid(StatusCodes.Status422UnprocessableEntity, "outcome", "It must be `accepted` or `ignored`.");
        if (limit is < 1 or > MaxLimit)
            return ProblemResults.Invalid(StatusCodes.Status422UnprocessableEntity, "limit", $"It must be from 1 to {MaxLimit}.");
        var rows = await store.ReadAsync((db, token) => db.Deliveries
            .Where(row => source == null || row.Source == source)
            .Where(row => endpoint == null || row.Endpoint == endpoint)
            .Where(row => model == null || row.Model == model)
            .Where(row => before == null || row.ReceivedAt < before)
            .Where(row => outcome == null || (outcome == "accepted") == (row.DeploymentId != null))
            .OrderByDescending(row => row.ReceivedAt).Take(limit).ToListAsync(token), cancellationToken);
        return Results.Ok(rows.Select(DeliveryView.Of).ToList());
    }
}

/// <summary>One event of a registry.</summary>
internal sealed record DeliveryView
{
    public required string Source { get; init; }
    public required string Id { get; init; }
    public required DateTimeOffset ReceivedAt { get; init; }
    public DateTimeOffset? OccurredAt { get; init; }
    public string? Model { get; init; }
    public string? Version { get; init; }
    public string? Endpoint { get; init; }

    /// <summary><c>accepted</c> or <c>ignored</c>.</summary>
    public required string Outcome { get; init; }
    public Guid? DeploymentId { get; init; }

    /// <summary>Why it was ignored; null when it was accepted.</summary>
    public string? Reason { get; init; }

    public static DeliveryView Of(Delivery row) => new()
    {
        Source = row.Source,
        Id = row.DeliveryId,
        ReceivedAt = row.ReceivedAt,
        OccurredAt = row.OccurredAt,
        Model = row.Model,
        Version = row.Version,
        Endpoint = row.Endpoint,
        Outcome = row.DeploymentId is null ? "ignored" : "accepted",
        DeploymentId = row.DeploymentId,
        Reason = row.IgnoredBecause,
    };
}
