using BlueGreen.Contracts;
using BlueGreen.Rollback.Reverting;
using BlueGreen.Rollback.Rules;

namespace BlueGreen.Rollback.Alarms;

/// <summary>Judges a firing alarm by an endpoint's rules: by time and company before the routers are asked, by the route afterwards.</summary>
internal sealed class RuleJudge(AlarmRules rules, FiringAlarms firing)
{
    /// <summary>How soon a rule looks again for the alarms that it acts together with: another replica may have heard them.</summary>
    private static readonly TimeSpan Company = TimeSpan.FromSeconds(5);

    /// <summary>Whether it has been firing for long enough, and everything it acts together with too.</summary>
    public RuleVerdict OfTime(Alarm alarm, string endpoint, KeyedRule keyed, DateTimeOffset now)
    {
        var rule = keyed.Rule;
        var remaining = rule.For - firing.FiredFor(alarm, rule.Within, now);
        if (remaining > TimeSpan.Zero) return RuleVerdict.Wait($"the rule acts on what has been firing for {Say(rule)}", now + remaining);
        if (rule.Together is not { } word) return RuleVerdict.Act;
        var longest = TimeSpan.Zero;
        foreach (var other in rules.Of(endpoint)?.Keyed.Where(other => other.Rule.Together == word && other.Key != keyed.Key) ?? [])
        {
            if (firing.FiredFor(endpoint, other, now) is not { } fired)
                return RuleVerdict.Wait(
                    $"the rule acts only together with the others of '{word}', and not all of them fire", now + Company);
            if (other.Rule.For - fired > longest) longest = other.Rule.For - fired;
        }

        return longest > TimeSpan.Zero
            ? RuleVerdict.Wait($"the rule acts only together with the others of '{word}', and not all of them have fired for long enough", now + longest)
            : RuleVerdict.Act;
    }

    /// <summary>Whether the alarm is about what is live, and not also about what traffic would go back to.</summary>
    public RuleVerdict OfRoute(Alarm alarm, Firing heard, AlarmRule rule, LiveRoute.Revertible route, DateTimeOffset now)
    {
        if (OfColour(alarm, heard, rule, route, now) is { } objection) return objection;
        return route.SwitchedAt + rule.Settle > now
            ? RuleVerdict.Wait($"transients are left alone for {rule.Settle} after the switch", route.SwitchedAt!.Value + rule.Settle)
            : RuleVerdict.Act;
    }

    /// <summary>
    /// Null unless the alarm is about what serves while nothing can be reverted: a deployment on its way there is not to be given up for what it
    /// would replace.
    /// </summary>
    public static RuleVerdict? OfServing(Alarm alarm, IReadOnlyList<KeyedRule> rules, RouteSide serving) =>
        rules.All(rule => alarm.Labels.TryGetValue(rule.Rule.EnvironmentLabel, out var label) && serving.IsNamedBy(label))
            ? RuleVerdict.Leave($"it is about what is live ({serving.Version}), and there is nothing to go back to")
            : null;

    private RuleVerdict? OfColour(Alarm alarm, Firing heard, AlarmRule rule, LiveRoute.Revertible route, DateTimeOffset now)
    {
        var label = alarm.Labels.GetValueOrDefault(rule.EnvironmentLabel);
        if (label is not null && route.Live?.IsNamedBy(label) == true)
        {
            return route.Standby is { } standby && firing.IsFiring(alarm, rule.EnvironmentLabel, standby.IsNamedBy, now)
                ? RuleVerdict.Page($"it fires for blue ({standby.Version}) too, so going back would not help")
                : null;
        }

        if (label is not null && route.Standby?.IsNamedBy(label) == true)
            return RuleVerdict.Page($"it is about blue ({route.Standby.Version}), which would have to take the traffic back");
        // An id is certainly an environment's; other words may mean anything, and then say nothing about colour.
        if (label is not null && Guid.TryParse(label, out _)) return RuleVerdict.Leave("it is about an environment that is neither live nor standby");
        // Only what was stored then: of an alarm that could not be stored nobody has told the deployment on its way to the switch.
        return alarm.Identity is not null && heard.StoredAt < route.SwitchedAt
            ? RuleVerdict.Page("it was firing before the switch, for blue, so going back would not help")
            : null;
    }

    private static string Say(AlarmRule rule) => rule.Within > TimeSpan.Zero ? $"{rule.For} within {rule.Within}" : $"{rule.For}";
}
