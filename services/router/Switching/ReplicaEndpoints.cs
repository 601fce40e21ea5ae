using BlueGreen.Platform.Http;
using Microsoft.Extensions.Options;

namespace BlueGreen.Router.Switching;

/// <summary>A router replica as the database knows it.</summary>
internal sealed record ReplicaResponse
{
    public required string Name { get; init; }
    public required DateTimeOffset RenewedAt { get; init; }

    /// <summary>Its lease is not over: switches wait for it.</summary>
    public required bool HoldsLease { get; init; }
}

/// <summary><c>/router/replicas</c>.</summary>
internal static class ReplicaEndpoints
{
    public static void MapReplicas(this IEndpointRouteBuilder replicas)
    {
        replicas.MapGet("", ListAsync);
        replicas.MapDelete("/{name}", ForgetAsync).Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> ListAsync(
        ReplicaRegistry registry, DatabaseClock time, IOptions<RouterOptions> options, CancellationToken cancellationToken)
    {
        var all = await registry.AllAsync(cancellationToken);
        var now = time.Now;
        return TypedResults.Ok(all.OrderBy(replica => replica.Key, StringComparer.Ordinal).Select(replica => new ReplicaResponse
        {
            Name = replica.Key,
            RenewedAt = replica.Value,
            HoldsLease = now - replica.Value < options.Value.LeaseTtl,
        }).ToArray());
    }

    /// <summary>An operator's word that a replica is gone with its disk: releases need not wait for it any longer.</summary>
    private static async Task<IResult> ForgetAsync(
        string name, ReplicaRegistry registry, DatabaseClock time, IOptions<RouterOptions> options, CancellationToken cancellationToken)
    {
        var all = await registry.AllAsync(cancellationToken);
        if (!all.TryGetValue(name, out var renewedAt)) return ProblemResults.NotFound($"There is no router replica '{name}'.");
        if (time.Now - renewedAt < options.Value.LeaseTtl)
            return ProblemResults.Conflict($"Router replica '{name}' renewed its lease at {renewedAt:O}: it is alive. Stop it first.");
        await registry.RemoveAsync(name, cancellationToken);
        return TypedResults.NoContent();
    }
}
