using BlueGreen.Rollback.Rules;

namespace BlueGreen.Rollback.Alarms;

/// <summary>
/// Which alarms fire, since when, when they last ended, and which rules they are about: in memory, because decisions must not need the
/// database. Forgetting makes an alarm wait anew.
/// </summary>
internal sealed class FiringAlarms
{
    /// <summary>Why a firing that is told after its own end does not act.</summary>
    public const string Ended = "it has ended";

    private const int Capacity = 10_000;

    /// <summary>Systems repeat what goes on firing, often every four hours: of what is silent for longer, the end may have been missed.</summary>
    private static readonly TimeSpan Stale = TimeSpan.FromHours(12);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, FiringAlarm> _alarms = new(StringComparer.Ordinal);

    /// <summary>What fires, by the firing: a recovery may be told under another series.</summary>
    private readonly Dictionary<(string Source, string Identity), FiringAlarm> _firings = [];

    /// <summary>Takes note of news.</summary>
    /// <param name="alarm">What was told.</param>
    /// <param name="matches">The rules it is about.</param>
    /// <param name="now">When it was heard.</param>
    /// <returns>The alarm as what is known of it makes it: a firing that has ended is none.</returns>
    public (Alarm Alarm, Firing Firing) Hear(Alarm alarm, IReadOnlyList<RuleMatch> matches, DateTimeOffset now)
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

    private (Alarm Alarm, Firing Firing) Note(Alarm alarm, IReadOnlyList<RuleMatch> matches, DateTimeOffset now, DateTimeOffset heardAt)
    {
        var nothing = new Firing(now, now, null);
        if (alarm.Note is not null || Find(alarm, matches) is not { } known) return (alarm, nothing);
        if (!alarm.Firing) alarm = alarm with { Series = known.Series };
        else if (known.HasEnded(alarm)) return (alarm with { Firing = false, Note = Ended }, nothing);

        if (matches.Count > 0) known.Rules = RulesOf(matches);
        if (known.Identity is { } before) _firings.Remove((known.Source, before));
        if (alarm.Firing) known.Fire(alarm, heardAt, now);
        else if (!known.End(alarm, now)) alarm = alarm with { Note = "it is the end of an earlier firing" };
        if (known is { Since: not null, Identity: { } identity }) _firings[(known.Source, identity)] = known;
        return (alarm, new Firing(known.Since ?? now, known.HeardAt, known.StoredAt));
    }

    private FiringAlarm? Find(Alarm alarm, IReadOnlyList<RuleMatch> matches)
    {
        var key = KeyOf(alarm);
        if (_alarms.TryGetValue(key, out var known)) return known;
        if (!alarm.Firing && alarm.Identity is { } identity && _firings.TryGetValue((alarm.Source, identity), out var firing)) return firing;
        // Nobody asks after what no rule is about, and of an end that says neither whose nor when there is nothing to remember.
        if (matches.Count == 0 || alarm is { Firing: false, Identity: null, At: null }) return null;
        if (_alarms.Count >= Capacity) Forget();
        known = new FiringAlarm
        {
            Source = alarm.Source,
            Series = alarm.Series,
            Name = alarm.Name,
            Labels = StorableText.Of(alarm.Labels),
            Rules = RulesOf(matches),
        };
        _alarms.Add(key, known);
        return known;
    }

    private static HashSet<(string Endpoint, string Rule)> RulesOf(IReadOnlyList<RuleMatch> matches) =>
        [.. matches.SelectMany(match => match.Rules.Select(rule => (match.Endpoint, rule.Key)))];

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
        foreach (var (key, alarm) in _alarms.OrderBy(pair => pair.Value.LastHeardAt).Take(Capacity / 2).ToList())
        {
            _alarms.Remove(key);
            if (alarm.Identity is { } identity) _firings.Remove((alarm.Source, identity));
        }
    }
}

/// <param name="Since">Since when it fires, by its source's clock where that says so.</param>
/// <param name="HeardAt">When this firing was first heard of, by our own clock.</param>
/// <param name="StoredAt">When the decision on it was stored; null before that.</param>
internal sealed record Firing(DateTimeOffset Since, DateTimeOffset HeardAt, DateTimeOffset? StoredAt);
