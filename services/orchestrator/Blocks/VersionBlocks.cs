using System.Text.Json;
using BlueGreen.Orchestrator.Deployments;
using BlueGreen.Orchestrator.Endpoints;
using BlueGreen.Orchestrator.History;
using BlueGreen.Orchestrator.Persistence;
using BlueGreen.Platform.Messaging;
using MassTransit;

namespace BlueGreen.Orchestrator.Blocks;

/// <summary>What is blocked on an endpoint: kept in its row, which the saga's steps have locked anyway.</summary>
internal static class VersionBlocks
{
    private const string Operator = "operator";

    /// <summary>An endpoint that rolls more back than this has other worries; the oldest block is lifted.</summary>
    private const int Most = 500;

    public static IReadOnlyList<VersionBlock> Blocked(this EndpointRow endpoint) =>
        JsonSerializer.Deserialize<List<VersionBlock>>(endpoint.Blocks, JsonColumns.Options)!;

    public static void SetBlocked(this EndpointRow endpoint, IEnumerable<VersionBlock> blocks) =>
        endpoint.Blocks = JsonSerializer.Serialize(blocks, JsonColumns.Options);

    /// <summary>Blocks the deployment's version, if it may have been live: one that an alarm stopped on its way is not to blame.</summary>
    public static async Task BlockVersionAsync(this BehaviorContext<Deployment> context, string reason)
    {
        var saga = context.Saga;
        if (!saga.ReachedSwitching()) return;
        var endpoint = await context.Db<OrchestratorDbContext>().LockEndpointAsync(saga.Endpoint, context.CancellationToken);
        if (endpoint is null) return;
        var others = endpoint.Blocked().Where(block => !IsOf(block, saga)).TakeLast(Most - 1);
        endpoint.SetBlocked([.. others, new VersionBlock(saga.Model, saga.Version, saga.CorrelationId, reason, context.Now())]);
        context.Record("blocked", $"{saga.Model} {saga.Version} cannot be promoted automatically until an operator clears it");
    }

    /// <summary>Why this promotion is refused; null when it is not. An operator promotes what is blocked, too.</summary>
    public static string? BlockOf(this EndpointRow endpoint, Deployment saga) =>
        saga.Source != Operator && endpoint.Blocked().FirstOrDefault(block => IsOf(block, saga)) is { } found
            ? $"{saga.Model} {saga.Version} was rolled back at {found.BlockedAt:u} ({found.Reason}) and is blocked: "
                + $"`bg unblock {saga.Endpoint} {saga.Version}` clears it"
            : null;

    private static bool IsOf(VersionBlock block, Deployment saga) => block.Model == saga.Model && block.Version == saga.Version;
}
