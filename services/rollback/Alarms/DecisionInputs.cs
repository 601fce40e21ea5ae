using System.Globalization;
using BlueGreen.Rollback.Reverting;
using BlueGreen.Rollback.Rules;

namespace BlueGreen.Rollback.Alarms;

/// <summary>What a decision rests on, for the history.</summary>
internal static class DecisionInputs
{
    public static IReadOnlyDictionary<string, string> Of(LiveRoute.Revertible route)
    {
        var inputs = new Dictionary<string, string>();
        if (route.SwitchedAt is { } switched) inputs["switchedAt"] = Write(switched);
        if (route.Live is { } live) inputs["live"] = $"{live.EnvironmentId} {live.Version}";
        if (route.Standby is { } standby) inputs["standby"] = $"{standby.EnvironmentId} {standby.Version}";
        return inputs;
    }

    public static IReadOnlyDictionary<string, string> Add(IReadOnlyDictionary<string, string> inputs, RuleMatch match, Firing heard)
    {
        var all = new Dictionary<string, string>(inputs)
        {
            ["firingSince"] = Write(heard.Since),
            ["firstHeard"] = Write(heard.HeardAt),
        };
        for (var index = 0; index < match.Rules.Count; index++)
        {
            var rule = match.Rules[index].Rule;
            var conditions = rule.Labels.Concat(rule.Pointers).Select(condition => $"{condition.Key}={condition.Value}")
                .Prepend($"source={rule.Source}")
                .Append(rule.For > TimeSpan.Zero ? $"for={rule.For}" : null)
                .Append(rule.Within > TimeSpan.Zero ? $"within={rule.Within}" : null)
                .Append(rule.Settle > TimeSpan.Zero ? $"settle={rule.Settle}" : null)
                .Append(rule.Together is null ? null : $"together={rule.Together}");
            all[index == 0 ? "rule" : $"rule{index + 1}"] = StorableText.Of(string.Join(", ", conditions.OfType<string>()));
        }

        return all;
    }

    private static string Write(DateTimeOffset time) => time.ToString("O", CultureInfo.InvariantCulture);
}
