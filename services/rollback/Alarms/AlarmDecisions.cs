using BlueGreen.Rollback.Reverting;
using BlueGreen.Rollback.Rules;

namespace BlueGreen.Rollback.Alarms;

/// <summary>Decides on alarms and carries the decision out at the routers. Touches neither the database nor the bus.</summary>
internal sealed class AlarmDecisions(AlarmRules rules, LiveReverts reverts, ActedAlarms acted, FiringSeries series, TimeProvider clock)
{
    private const int MaxReason = 500;

    /// <summary>One decision per alarm and endpoint, in the alarms' order. Endpoints are reverted side by side, each once.</summary>
    /// <param name="alarms">As the source told them.</param>
    /// <param name="arrived">The clock's timestamp at the request's arrival.</param>
    public async Task<IReadOnlyList<AlarmDecision>> DecideAsync(IReadOnlyList<Alarm> alarms, long arrived)
    {
        var decisions = await Task.WhenAll(alarms.SelectMany(alarm => Decide(alarm, arrived)));
        return decisions;
    }

    /// <summary>Reverts the endpoint's live deployment, whatever the rule's <c>for</c> says.</summary>
    public async Task<AlarmDecision> ActAsync(Alarm alarm, string endpoint)
    {
        var arrived = clock.GetTimestamp();
        var reason = alarm.Summary is { Length: > 0 } summary ? $"alarm {alarm.Name}: {summary}" : $"alarm {alarm.Name}";
        var outcome = await reverts.RevertAsync(endpoint, Line(reason), $"alarm:{alarm.Source}");
        if (outcome is { Kind: LiveRevertKind.Reverted or LiveRevertKind.AlreadyReverted, DeploymentId: { } deployment })
            acted.Remember(alarm, endpoint, deployment);
        return new AlarmDecision
        {
            Alarm = alarm,
            Endpoint = endpoint,
            DeploymentId = outcome.DeploymentId,
            Decision = StorableText.Of(outcome.Decision),
            Outcome = outcome.Kind,
            Elapsed = clock.GetElapsedTime(arrived),
        };
    }

    private IEnumerable<Task<AlarmDecision>> Decide(Alarm alarm, long arrived)
    {
        var since = series.Hear(alarm, clock.GetUtcNow());
        var matches = rules.Match(alarm);
        return matches.Count == 0
            ? [Task.FromResult(Leave(alarm, null, "ignored: no endpoint has a rule for it", arrived))]
            : matches.Select(match => DecideAsync(alarm, match, since, arrived));
    }

    private async Task<AlarmDecision> DecideAsync(Alarm alarm, RuleMatch match, DateTimeOffset since, long arrived)
    {
        if (!alarm.Firing) return Leave(alarm, match.Endpoint, "ignored: resolved", arrived);
        if (acted.DeploymentOf(alarm, match.Endpoint) is { } deployment)
        {
            return Leave(alarm, match.Endpoint, "already reverted", arrived) with
            {
                DeploymentId = deployment,
                Outcome = LiveRevertKind.AlreadyReverted,
            };
        }

        var now = clock.GetUtcNow();
        var remaining = match.For - (now - since);
        if (remaining > TimeSpan.Zero)
        {
            return Leave(alarm, match.Endpoint, $"waiting: the rule acts on what has been firing for {match.For}", arrived) with
            {
                DueAt = now + remaining,
            };
        }

        var decision = await ActAsync(alarm, match.Endpoint);
        return decision with { Elapsed = clock.GetElapsedTime(arrived) };
    }

    private AlarmDecision Leave(Alarm alarm, string? endpoint, string decision, long arrived) =>
        new() { Alarm = alarm, Endpoint = endpoint, Decision = decision, Elapsed = clock.GetElapsedTime(arrived) };

    private static string Line(string reason)
    {
        var line = StorableText.Of(string.Concat(reason.Select(character => char.IsControl(character) ? ' ' : character)));
        if (line.Length <= MaxReason) return line;
        return char.IsHighSurrogate(line[MaxReason - 1]) ? line[..(MaxReason - 1)] : line[..MaxReason];
    }
}
