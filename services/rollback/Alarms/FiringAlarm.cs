namespace BlueGreen.Rollback.Alarms;

/// <summary>What is known of one series of firings. Guarded by <see cref="FiringAlarms"/>.</summary>
internal sealed class FiringAlarm
{
    private const int MostSpells = 64;
    private readonly List<(DateTimeOffset From, DateTimeOffset To)> _spells = [];

    public required string Source { get; init; }
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

    public void Fire(DateTimeOffset since, DateTimeOffset heardAt, DateTimeOffset now, string? identity)
    {
        LastHeardAt = now;
        if (Since is not null && Identity == identity) return;
        // Another firing than the one that was on: its end was not told.
        if (Since is not null) End(since < now ? since : now);
        (Since, HeardAt, StoredAt, Identity) = (since, heardAt, null, identity);
    }

    public void End(DateTimeOffset now)
    {
        LastHeardAt = now;
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
