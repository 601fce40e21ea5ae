using BlueGreen.Rollback.Reverting;
using BlueGreen.Rollback.Rules;

namespace BlueGreen.Rollback.Alarms;

/// <summary>Decides on alarms and carries the decision out at the routers. Touches neither the database nor the bus.</summary>
internal sealed class AlarmDecisions(
    AlarmRules rules, RuleJudge judge, LiveReverts reverts, ActedAlarms acted, FiringAlarms firing, TimeProvider clock)
{
    private const int MaxReason = 500;

    /// <summary>One decision per alarm and endpoint, in the alarms' order. Endpoints are reverted side by side, each once.</summary>
    /// <param name="alarms">As the source told them.</param>
    /// <param name="arrived">The clock's timestamp at the request's arrival.</param>
    public async Task<IReadOnlyList<AlarmDecision>> DecideAsync(IReadOnlyList<Alarm> alarms, long arrived)
    {
        var now = clock.GetUtcNow();
        // All are heard before any is decided on: what fires for blue as well may come later in the same request.
        var heard = alarms.Select(alarm =>
        {
            var matches = rules.Match(alarm);
            var (known, heard) = firing.Hear(alarm, matches, now);
            return (Alarm: known, Matches: matches, Firing: heard);
        }).ToList();
        return await Task.WhenAll(heard.SelectMany(news => news.Matches.Count == 0
            ? [Task.FromResult(Leave(news.Alarm, null, $"ignored: {news.Alarm.Note ?? "no endpoint has a rule for it"}", arrived))]
            : news.Matches.Select(match => DecideAsync(news.Alarm, match, news.Firing, arrived))));
    }

    /// <summary>Decides again on an alarm that had to wait.</summary>
    /// <param name="alarm">As it was told.</param>
    /// <param name="match">The rules that it was about.</param>
    /// <param name="heardAt">When this firing was first heard of.</param>
    public Task<AlarmDecision> ReconsiderAsync(Alarm alarm, RuleMatch match, DateTimeOffset heardAt)
    {
        var arrived = clock.GetTimestamp();
        return firing.Recall(alarm, match, heardAt, heardAt) is { } heard
            ? DecideAsync(alarm, match, heard, arrived)
            : Task.FromResult(Leave(alarm with { Firing = false }, match.Endpoint, "ignored: resolved", arrived));
    }

    private async Task<AlarmDecision> DecideAsync(Alarm alarm, RuleMatch match, Firing heard, long arrived)
    {
        if (!alarm.Firing) return Leave(alarm, match.Endpoint, $"ignored: {alarm.Note ?? "resolved"}", arrived) with { Rules = match };
        if (acted.DeploymentOf(alarm, match.Endpoint) is { } deployment)
        {
            return Leave(alarm, match.Endpoint, "already reverted", arrived) with
            {
                DeploymentId = deployment,
                Outcome = LiveRevertKind.AlreadyReverted,
            };
        }

        var now = clock.GetUtcNow();
        var timed = match.Rules.Select(rule => (Rule: rule, Verdict: judge.OfTime(alarm, match.Endpoint, rule, now))).ToList();
        var due = timed.Where(rule => rule.Verdict.Kind == RuleVerdictKind.Act).Select(rule => rule.Rule).ToList();
        var decision = due.Count == 0
            ? Postpone(alarm, match.Endpoint, RuleVerdict.First(timed.Select(rule => rule.Verdict)))
            : await ActAsync(alarm, match with { Rules = due }, heard, now);
        return decision with
        {
            Inputs = DecisionInputs.Add(decision.Inputs, match, heard),
            Rules = match,
            HeardAt = heard.HeardAt,
            Elapsed = clock.GetElapsedTime(arrived),
        };
    }

    private async Task<AlarmDecision> ActAsync(Alarm alarm, RuleMatch due, Firing heard, DateTimeOffset now)
    {
        var route = await reverts.FindAsync(due.Endpoint);
        if (route is LiveRoute.Settled { Live: { } serving } && RuleJudge.OfServing(alarm, due.Rules, serving) is { } objection)
            return Postpone(alarm, due.Endpoint, objection);
        if (route is not LiveRoute.Revertible live) return Conclude(alarm, due.Endpoint, await reverts.SettleAsync(due.Endpoint, route));
        var verdict = RuleVerdict.First(due.Rules.Select(rule => judge.OfRoute(alarm, heard, rule.Rule, live, now)));
        var decision = verdict.Kind == RuleVerdictKind.Act
            ? await RevertAsync(alarm, due.Endpoint, live)
            : Postpone(alarm, due.Endpoint, verdict) with { DeploymentId = live.DeploymentId };
        return decision with { Inputs = DecisionInputs.Of(live) };
    }

    private async Task<AlarmDecision> RevertAsync(Alarm alarm, string endpoint, LiveRoute.Revertible live)
    {
        var order = new RevertTraffic
        {
            DeploymentId = live.DeploymentId,
            Endpoint = endpoint,
            Reason = ReasonOf(alarm),
            RequestedBy = $"alarm:{alarm.Source}",
        };
        var outcome = await reverts.RevertAsync(order);
        if (outcome is { Kind: LiveRevertKind.Reverted or LiveRevertKind.AlreadyReverted, DeploymentId: { } deployment })
            acted.Remember(alarm, endpoint, deployment);
        return Conclude(alarm, endpoint, outcome);
    }

    private static AlarmDecision Conclude(Alarm alarm, string endpoint, LiveRevert outcome) => new()
    {
        Alarm = alarm,
        Endpoint = endpoint,
        DeploymentId = outcome.DeploymentId,
        Decision = StorableText.Of(outcome.Decision),
        Outcome = outcome.Kind,
    };

    private static AlarmDecision Postpone(Alarm alarm, string endpoint, RuleVerdict verdict) => new()
    {
        Alarm = alarm,
        Endpoint = endpoint,
        Decision = StorableText.Of(verdict.Reason),
        DueAt = verdict.Until,
        Outcome = verdict.Kind == RuleVerdictKind.Page ? LiveRevertKind.Paged : null,
    };

    private AlarmDecision Leave(Alarm alarm, string? endpoint, string decision, long arrived) =>
        new() { Alarm = alarm, Endpoint = endpoint, Decision = StorableText.Of(decision), Elapsed = clock.GetElapsedTime(arrived) };

    internal static string ReasonOf(Alarm alarm)
    {
        var reason = alarm.Summary is { Length: > 0 } summary ? $"alarm {alarm.Name}: {summary}" : $"alarm {alarm.Name}";
        var line = StorableText.Of(string.Concat(reason.Select(character => char.IsControl(character) ? ' ' : character)));
        if (line.Length <= MaxReason) return line;
        return char.IsHighSurrogate(line[MaxReason - 1]) ? line[..(MaxReason - 1)] : line[..MaxReason];
    }
}
