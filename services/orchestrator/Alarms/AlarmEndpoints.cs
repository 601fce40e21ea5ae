using System.Text.Json;
using BlueGreen.Contracts;
using BlueGreen.Orchestrator.History;
using BlueGreen.Orchestrator.Persistence;
using BlueGreen.Platform.Persistence;
using Microsoft.EntityFrameworkCore;

namespace BlueGreen.Orchestrator.Alarms;

/// <summary>What alarms were heard and what was decided on them, read from the history.</summary>
internal static class AlarmEndpoints
{
    private const int MostRows = 1000;

    public static void MapAlarmList(this IEndpointRouteBuilder api) =>
        api.MapGet("/alarms", ListAsync).WithTags("Alarms").WithName("ListAlarms")
            .WithSummary("Alarms and what was decided on them, newest first; `unmatched=true`: those that no endpoint has a rule for.");

    private static async Task<IReadOnlyList<AlarmView>> ListAsync(
        IServiceStore<OrchestratorDbContext> store,
        string? endpoint,
        bool unmatched = false,
        long? before = null,
        int limit = 50,
        CancellationToken cancellationToken = default)
    {
        var rows = await store.ReadAsync((db, token) => db.History
            .Where(row => row.Kind == AlarmRaisedConsumer.Kind
                && (before == null || row.Sequence < before)
                && (endpoint == null || row.Endpoint == endpoint)
                && (!unmatched || row.Endpoint == null))
            .OrderByDescending(row => row.Sequence).Take(Math.Clamp(limit, 1, MostRows)).ToListAsync(token), cancellationToken);
        return rows.ConvertAll(AlarmView.From);
    }
}

/// <summary>One decision on one alarm.</summary>
internal sealed record AlarmView(
    long Sequence,
    DateTimeOffset At,
    string Source,
    string Name,
    string? Endpoint,
    Guid? DeploymentId,
    string Decision,
    DateTimeOffset? StartsAt,
    IReadOnlyDictionary<string, string> Labels,
    IReadOnlyDictionary<string, string> Inputs)
{
    public static AlarmView From(HistoryRow row)
    {
        var alarm = JsonSerializer.Deserialize<AlarmRaised>(row.Data!, JsonColumns.Options)!;
        return new(
            row.Sequence, row.At, alarm.Source, alarm.Name, alarm.Endpoint, alarm.DeploymentId, alarm.Decision, alarm.StartsAt, alarm.Labels,
            alarm.Inputs);
    }
}
