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

    /// <summary>The endpoints that have a rule for this alarm; of several such rules the one that waits the least.</summary>
    public IReadOnlyList<RuleMatch> Match(Alarm alarm) =>
        [.. _endpoints.Values
            .Select(rules => (rules.Endpoint, Rules: rules.Alarms.Where(rule => IsAbout(rule, alarm)).ToList()))
            .Where(candidate => candidate.Rules.Count > 0)
            .Select(candidate => new RuleMatch(candidate.Endpoint, candidate.Rules.Min(rule => rule.For)))
            .OrderBy(match => match.Endpoint, StringComparer.Ordinal)];

    private static bool IsAbout(AlarmRule rule, Alarm alarm) =>
        rule.Source == alarm.Source
        && rule.Labels.All(label => alarm.Labels.TryGetValue(label.Key, out var value) && value == label.Value);
}

/// <param name="Endpoint">The endpoint whose rule matches.</param>
/// <param name="For">How long the alarm must have been firing before it is acted on.</param>
internal sealed record RuleMatch(string Endpoint, TimeSpan For);
