namespace BlueGreen.Rollback.Alarms;

/// <summary>What is known of one series of firings. Guarded by <see cref="FiringAlarms"/>.</summary>
internal sealed class FiringAlarm
{
    private const int MostSpells = 64;

    /// <summary>How far a source's clock may be ahead of ours: an end further in the future would silence the alarm until then.</summary>
    private static readonly TimeSpan MostAhead = TimeSpan.FromMinutes(15);

    private readonly List<(DateTimeOffset From, DateTimeOffset To)> _spells = [];
    private string? _endedIdentity;
    private DateTimeOffset? _endedAt;
    private DateTimeOffset? _startsAt;

    public required string Source { get; init; }
    public required string Series { get; init; }
    public required string Name { get; init; }
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>Endpoint and key of every rule that is about it.</summary>
    public required IReadOnlySet<(string Endpoint, string Rule)> Rules { get; set; }

    /// <summary>Null while it is not firing.</summary>
    public DateTimeOffset? Since { get; private set; }

    /// <summary>When this firing was first heard of, by our own clock.</summary>
    public DateTimeOffset HeardAt { get; private set; }
    public DateTimeOffset LastHeardAt { get; private set; }

    /// <summary>When what was decided on this firing was stored, and so whatever followed from it was on its way; null before that.</summary>
    public DateTimeOffset? StoredAt { get; set; }
    public string? Identity { get; private set; }

    /// <summary>Whether this firing is over: repeated, or late, after its own recovery.</summary>
    public bool HasEnded(Alarm firing) =>
        (firing.Identity is not null && firing.Identity == _endedIdentity) || (firing.StartsAt ?? firing.At) <= _endedAt;

    public void Fire(Alarm firing, DateTimeOffset heardAt, DateTimeOffset now)
    {
        LastHeardAt = now;
        if (Since is not null && Identity == firing.Identity) return;
        var since = firing.StartsAt is { } told && told < heardAt ? told : heardAt;
        // Another firing than the one that was on: its end was not told.
        if (Since is not null) Close(since < now ? since : now);
        (Since, HeardAt, StoredAt, Identity, _startsAt) = (since, heardAt, null, firing.Identity, firing.StartsAt);
    }

    /// <returns>False when it is the end of an earlier firing than the one that is on, which it leaves as it is.</returns>
    public bool End(Alarm recovery, DateTimeOffset now)
    {
        LastHeardAt = now;
        var at = recovery.At ?? recovery.StartsAt;
        if (at > now + MostAhead) at = now;
        if (at is null || _endedAt is null || at >= _endedAt)
            (_endedIdentity, _endedAt) = (recovery.Identity ?? _endedIdentity, at ?? _endedAt);
        if (Since is not null && recovery.Identity != Identity && at < _startsAt) return false;
        Close(now);
        return true;
    }

    private void Close(DateTimeOffset now)
    {
        if (Since is not { } since) return;
        if (now > since) _spells.Add((since, now));
        if (_spells.Count > MostSpells) _spells.RemoveAt(0);
        Since = null;
    }

    /// <summary>How long it has been firing: without interruption, or in total over the last <paramref name="within"/>.</summary>
    public TimeSpan FiredFor(TimeSpan within, DateTimeOffset now)
    {
        if (within <= TimeSpan.Zero) return Since is { } since && now > since ? now - since : TimeSpan.Zero;
        var from = now - within;
        var total = Overlap(Since ?? now, now, from);
        foreach (var spell in _spells) total += Overlap(spell.From, spell.To, from);
        return total;
    }

    private static TimeSpan Overlap(DateTimeOffset start, DateTimeOffset end, DateTimeOffset from)
    {
        var begin = start > from ? start : from;
        return end > begin ? end - begin : TimeSpan.Zero;
    }
}
