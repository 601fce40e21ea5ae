using BlueGreen.Rollback.Rules;

namespace BlueGreen.Rollback.Alarms;

/// <summary>
/// Which alarms fire, since when, and which rules they are about: in memory, because decisions must not need the database. Forgetting makes an
/// alarm wait anew.
/// </summary>
internal sealed class FiringAlarms
{
    private const int Capacity = 10_000;

    /// <summary>Systems repeat what goes on firing, often every four hours: of what is silent for longer, the end may have been missed.</summary>
    private static readonly TimeSpan Stale = TimeSpan.FromHours(12);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, FiringAlarm> _alarms = new(StringComparer.Ordinal);

    /// <summary>Takes note of news.</summary>
    /// <param name="alarm">What was told.</param>
    /// <param name="matches">The rules it is about.</param>
    /// <param name="now">When it was heard.</param>
    public Firing Hear(Alarm alarm, IReadOnlyList<RuleMatch> matches, DateTimeOffset now)
    {
        lock (_gate) return Note(alarm, matches, now, now);
    }

    /// <summary>Takes up again what was heard before a restart, or by another replica; what is known to be newer stays as it is.</summary>
    /// <param name="alarm">What was told.</param>
    /// <param name="match">The rules it is about.</param>
    /// <param name="firstHeard">When this firing was first heard of.</param>
    /// <param name="lastHeard">When the news was heard last.</param>
    /// <returns>Null when the alarm is known to have ended.</returns>
    public Firing? Recall(Alarm alarm, RuleMatch match, DateTimeOffset firstHeard, DateTimeOffset lastHeard)
    {
        lock (_gate)
        {
            if (!_alarms.TryGetValue(KeyOf(alarm), out var known) || known.LastHeardAt < lastHeard) Note(alarm, [match], lastHeard, firstHeard);
            if (!_alarms.TryGetValue(KeyOf(alarm), out known) || known.Since is not { } since) return null;
            known.StoredAt ??= firstHeard;
            return new Firing(since, known.HeardAt, known.StoredAt);
        }
    }

    /// <summary>What was decided on a firing is stored.</summary>
    public void Stored(Alarm alarm, DateTimeOffset now)
    {
        lock (_gate)
        {
            if (alarm.Firing && _alarms.TryGetValue(KeyOf(alarm), out var known) && known.Identity == alarm.Identity) known.StoredAt ??= now;
        }
    }

    private Firing Note(Alarm alarm, IReadOnlyList<RuleMatch> matches, DateTimeOffset now, DateTimeOffset heardAt)
    {
        var key = KeyOf(alarm);
        var isKnown = _alarms.ContainsKey(key);
        // Nobody asks after what no rule is about, or after the end of what was never heard of.
        if (alarm.Note is not null || (!isKnown && (!alarm.Firing || matches.Count == 0))) return new Firing(now, now, null);
        var rules = matches.SelectMany(match => match.Rules.Select(rule => (match.Endpoint, rule.Key))).ToHashSet();
        if (!_alarms.TryGetValue(key, out var known))
        {
            if (_alarms.Count >= Capacity) Forget();
            known = new FiringAlarm { Source = alarm.Source, Name = alarm.Name, Labels = StorableText.Of(alarm.Labels), Rules = rules };
            _alarms.Add(key, known);
        }

        if (rules.Count > 0) known.Rules = rules;
        if (alarm.Firing) known.Fire(alarm.StartsAt is { } told && told < heardAt ? told : heardAt, heardAt, now, alarm.Identity);
        else known.End(now);
        return new Firing(known.Since ?? now, known.HeardAt, known.StoredAt);
    }

    // Of bounded length, whatever names the sources think of.
    private static string KeyOf(Alarm alarm) => AlarmKey.Of(alarm.Source, null, alarm.Series);

    /// <summary>How long a firing alarm of this series counts for a rule.</summary>
    public TimeSpan FiredFor(Alarm alarm, TimeSpan within, DateTimeOffset now)
    {
        lock (_gate)
        {
            return _alarms.TryGetValue(KeyOf(alarm), out var known) ? known.FiredFor(within, now) : TimeSpan.Zero;
        }
    }

    /// <summary>How long the longest firing alarm that an endpoint's rule is about has been firing; null when none is.</summary>
    public TimeSpan? FiredFor(string endpoint, KeyedRule rule, DateTimeOffset now)
    {
        lock (_gate)
        {
            return _alarms.Values
                .Where(alarm => alarm.Since is not null && now - alarm.LastHeardAt < Stale && alarm.Rules.Contains((endpoint, rule.Key)))
                .Select(alarm => (TimeSpan?)alarm.FiredFor(rule.Rule.Within, now))
                .Max();
        }
    }

    /// <summary>Whether an alarm of this name fires whose label has a value that is asked for.</summary>
    public bool IsFiring(Alarm alarm, string label, Func<string, bool> isMeant, DateTimeOffset now)
    {
        lock (_gate)
        {
            return _alarms.Values.Any(other => other.Since is not null && now - other.LastHeardAt < Stale
                && other.Source == alarm.Source && other.Name == alarm.Name
                && other.Labels.TryGetValue(label, out var value) && isMeant(value));
        }
    }

    // Senders that never tell of recoveries must not fill the memory: the half that was heard of longest ago goes.
    private void Forget()
    {
        foreach (var key in _alarms.OrderBy(pair => pair.Value.LastHeardAt).Take(Capacity / 2).Select(pair => pair.Key).ToList())
            _alarms.Remove(key);
    }
}

/// <param name="Since">Since when it fires, by its source's clock where that says so.</param>
/// <param name="HeardAt">When this firing was first heard of, by our own clock.</param>
/// <param name="StoredAt">When the decision on it was stored; null before that.</param>
internal sealed record Firing(DateTimeOffset Since, DateTimeOffset HeardAt, DateTimeOffset? StoredAt);
