using System.Collections.Immutable;
using BlueGreen.Contracts;
using BlueGreen.Rollback.Alarms;

namespace BlueGreen.Rollback.Rules;

/// <summary>
/// Which endpoints an alarm is about. Held in memory, seeded from disk: matching needs neither the database nor the bus. A revision that
/// is older than the one at hand changes nothing, so it may be told the same from disk, database and bus in any order.
/// </summary>
internal sealed class AlarmRules
{
    /// <summary>The source of rules about alarms of every source.</summary>
    private const string AnySource = "any";

    private ImmutableDictionary<string, EndpointRules> _endpoints = ImmutableDictionary.Create<string, EndpointRules>(StringComparer.Ordinal);

    public AlarmRules(AlarmRuleFile file)
    {
        foreach (var rules in file.Load()) Learn(rules);
    }

    /// <summary>Signalled with every change.</summary>
    public SemaphoreSlim Changed { get; } = new(0);

    public IReadOnlyCollection<EndpointRules> All => [.. _endpoints.Values];

    /// <summary>True when this was news.</summary>
    public bool Learn(EndpointRules rules)
    {
        var learned = false;
        ImmutableInterlocked.AddOrUpdate(
            ref _endpoints, rules.Endpoint,
            _ =>
            {
                learned = true;
                return rules;
            },
            (_, known) =>
            {
                learned = rules.Revision > known.Revision;
                return learned ? rules : known;
            });
        if (learned) Changed.Release();
        return learned;
    }

    /// <summary>The endpoints that have a rule for this alarm, with all their rules for it.</summary>
    public IReadOnlyList<RuleMatch> Match(Alarm alarm) =>
        [.. _endpoints.Values
            .Select(rules => new RuleMatch(rules.Endpoint, [.. rules.Keyed.Where(rule => IsAbout(rule.Rule, alarm))]))
            .Where(match => match.Rules.Count > 0)
            .OrderBy(match => match.Endpoint, StringComparer.Ordinal)];

    /// <summary>The endpoint's rules; null when there are none.</summary>
    public EndpointRules? Of(string endpoint) => _endpoints.GetValueOrDefault(endpoint);

    private static bool IsAbout(AlarmRule rule, Alarm alarm) =>
        (rule.Source == alarm.Source || rule.Source == AnySource)
        && rule.Labels.All(label => alarm.Labels.TryGetValue(label.Key, out var value) && value == label.Value)
        && rule.Pointers.All(pointer => alarm.Payload.At(pointer.Key).Scalar == pointer.Value);
}

/// <param name="Endpoint">The endpoint whose rules match.</param>
/// <param name="Rules">Those that do, at least one.</param>
internal sealed record RuleMatch(string Endpoint, IReadOnlyList<KeyedRule> Rules);
