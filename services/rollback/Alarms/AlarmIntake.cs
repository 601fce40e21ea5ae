using System.Globalization;
using BlueGreen.Rollback.Reverting;
using BlueGreen.Rollback.Sources;
using Microsoft.Extensions.Options;

namespace BlueGreen.Rollback.Alarms;

/// <summary>Acts on a request's alarms, then stores what was done.</summary>
internal sealed class AlarmIntake(
    AlarmDecisions decisions,
    FiringAlarms firing,
    AlarmStore store,
    IOptionsMonitor<RollbackOptions> options,
    TimeProvider clock,
    ILogger<AlarmIntake> log)
{
    private int _storing;

    /// <summary>
    /// Runs to its end whether or not the sender waits for it: a revert is not to be left half-way, and what was done is to be stored.
    /// </summary>
    public async Task<(IReadOnlyList<AlarmDecision> Decisions, string? Problem)> HandleAsync(
        string source, AlarmReading reading, DateTimeOffset receivedAt, long arrived)
    {
        var decided = await decisions.DecideAsync([.. reading.Alarms.Select(AlarmKey.Bound)], arrived);
        if (reading.Truncated > 0) decided = NoteLeftOut(decided, reading.Truncated);
        foreach (var decision in decided)
        {
            RollbackMetrics.Decided(decision);
            log.AlarmDecided(
                source, Line(decision.Alarm.Name), decision.Endpoint, decision.DeploymentId, Line(decision.Decision), decision.Elapsed.TotalMilliseconds);
        }

        if (!await TrySaveAsync(source, decided, receivedAt))
            return (decided, "The alarms were acted on but could not be stored; send them again.");
        return decided.Any(decision => decision.Outcome == LiveRevertKind.Unreachable)
            ? (decided, "No router answered; the alarms are stored and will be tried again. Send them again too.")
            : (decided, null);
    }

    /// <summary>The history has it with every decision, people are told once for each endpoint.</summary>
    private static List<AlarmDecision> NoteLeftOut(IReadOnlyList<AlarmDecision> decided, int count)
    {
        var told = new HashSet<string>(StringComparer.Ordinal);
        return [.. decided.Select(decision => decision with
        {
            Inputs = new Dictionary<string, string>(decision.Inputs) { ["truncatedAlerts"] = count.ToString(CultureInfo.InvariantCulture) },
            LeftOut = decision.Endpoint is { } endpoint && told.Add(endpoint) ? count : 0,
        })];
    }

    private async Task<bool> TrySaveAsync(string source, IReadOnlyList<AlarmDecision> decided, DateTimeOffset receivedAt)
    {
        if (decided.Count == 0) return true;
        using var limit = new CancellationTokenSource(options.CurrentValue.StoreTimeout, clock);
        try
        {
            // A queue that is too long is answered at once: repeating costs the sender less than waiting costs everybody.
            if (Interlocked.Increment(ref _storing) > options.CurrentValue.MaxStoring) return false;
            await store.SaveAsync(decided, receivedAt, limit.Token);
            foreach (var decision in decided) firing.Stored(decision.Alarm, receivedAt);
            return true;
        }
        catch (Exception exception)
        {
            log.AlarmsNotStored(source, exception);
            return false;
        }
        finally
        {
            Interlocked.Decrement(ref _storing);
        }
    }

    private static string Line(string text) => text.ReplaceLineEndings(" ");
}
