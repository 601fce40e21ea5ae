using System.Diagnostics.Metrics;
using BlueGreen.Platform.Persistence;
using BlueGreen.Platform.Telemetry;
using BlueGreen.Platform.Work;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Platform.Messaging;

/// <summary>What waits in a service's outbox and work items, and for how long.</summary>
internal sealed class DurabilityGauges<TDb>(
    IServiceStore<TDb> store, ServiceName<TDb> service, TimeProvider clock, ILogger<DurabilityGauges<TDb>> log)
    : SampledGauges($"Outbox, inbox and work items of {service.Value}", clock, log)
    where TDb : ServiceDbContext
{
    protected override Task SampleAsync(CancellationToken cancellationToken) => store.ReadAsync(SampleAsync, cancellationToken);

    internal async Task<bool> SampleAsync(TDb db, CancellationToken cancellationToken)
    {
        var now = Clock.GetUtcNow();
        var tag = new KeyValuePair<string, object?>("service", service.Value);
        var due = db.Outbox.Where(row => row.SentAt == null && (row.DueAt <= now || row.Attempts > 0 || row.LastError != null));
        var oldestRow = await due.MinAsync(row => (DateTimeOffset?)row.CreatedAt, cancellationToken);
        DurabilityInstruments.OutboxBacklog.Record(await due.CountAsync(cancellationToken), tag);
        DurabilityInstruments.OutboxOldestAge.Record(Age(oldestRow, now), tag);
        DurabilityInstruments.OutboxAttempts.Record(await due.MaxAsync(row => (int?)row.Attempts, cancellationToken) ?? 0, tag);

        var waiting = db.WorkItems.Where(item => item.State == WorkState.Pending);
        var oldestItem = await waiting.MinAsync(item => (DateTimeOffset?)item.RequestedAt, cancellationToken);
        DurabilityInstruments.WorkBacklog.Record(await waiting.CountAsync(cancellationToken), tag);
        DurabilityInstruments.WorkOldestAge.Record(Age(oldestItem, now), tag);
        DurabilityInstruments.InboxRows.Record(await db.Inbox.CountAsync(cancellationToken), tag);
        return true;
    }

    private static double Age(DateTimeOffset? since, DateTimeOffset now) => since is { } start ? Math.Max(0, (now - start).TotalSeconds) : 0;
}

/// <summary>The instruments, one set for all services of a process.</summary>
internal static class DurabilityInstruments
{
    public static Gauge<int> OutboxBacklog { get; } = PlatformTelemetry.Meter.CreateGauge<int>(
        "bluegreen.outbox.backlog", "{message}", "Messages that are due and not confirmed.");

    public static Gauge<double> OutboxOldestAge { get; } = PlatformTelemetry.Meter.CreateGauge<double>(
        "bluegreen.outbox.oldest_age", "s", "Age of the oldest message that is due and not confirmed.");

    public static Gauge<int> OutboxAttempts { get; } = PlatformTelemetry.Meter.CreateGauge<int>(
        "bluegreen.outbox.attempts", "{attempt}", "Failed sends of the message that failed most.");

    public static Gauge<int> WorkBacklog { get; } = PlatformTelemetry.Meter.CreateGauge<int>(
        "bluegreen.work.backlog", "{item}", "Work items that wait for a worker.");

    public static Gauge<double> WorkOldestAge { get; } = PlatformTelemetry.Meter.CreateGauge<double>(
        "bluegreen.work.oldest_age", "s", "Age of the oldest work item that waits for a worker.");

    public static Gauge<int> InboxRows { get; } = PlatformTelemetry.Meter.CreateGauge<int>(
        "bluegreen.inbox.rows", "{row}", "Remembered ids of handled messages.");
}
