using BlueGreen.RegistryListener.Persistence;
using Microsoft.EntityFrameworkCore;

namespace BlueGreen.RegistryListener.Polling;

/// <summary>One transaction's view of where the aliases of some models were seen last.</summary>
internal sealed class SeenAliases
{
    private readonly RegistryListenerDbContext _db;
    private readonly Dictionary<AliasKey, SeenAlias> _rows = [];

    private SeenAliases(RegistryListenerDbContext db) => _db = db;

    /// <summary>For transactions that are about no alias.</summary>
    public static SeenAliases None(RegistryListenerDbContext db) => new(db);

    public static async Task<SeenAliases> LoadAsync(
        RegistryListenerDbContext db, IReadOnlyList<string> sources, IReadOnlyList<string> models, CancellationToken cancellationToken)
    {
        var seen = new SeenAliases(db);
        foreach (var row in await db.SeenAliases
            .Where(row => sources.Contains(row.Source) && models.Contains(row.Model)).ToListAsync(cancellationToken))
            seen._rows.Add(new AliasKey(row.Source, row.Model, row.Alias, row.Endpoint), row);
        return seen;
    }

    /// <summary>Null: never.</summary>
    public SeenAlias? Last(AliasKey key) => _rows.GetValueOrDefault(key);

    /// <summary>False when a webhook or another poll wrote something since the registry was asked.</summary>
    public bool IsNews(AliasSighting sighting) => (Last(sighting.Key)?.Revision ?? 0) == sighting.Revision;

    /// <summary>Notes a webhook that promoted nothing, unless a newer one was noted.</summary>
    public void NoteLate(AliasKey key, string version, DateTimeOffset at)
    {
        if (Last(key) is not { } last || last.SeenAt <= at) Note(key, version, at);
    }

    public void Note(AliasKey key, string version, DateTimeOffset at)
    {
        if (_rows.TryGetValue(key, out var row))
        {
            (row.Version, row.SeenAt, row.Revision) = (version, at, row.Revision + 1);
            return;
        }

        _rows[key] = _db.SeenAliases.Add(new SeenAlias
        {
            Source = key.Source,
            Model = key.Model,
            Alias = key.Alias,
            Endpoint = key.Endpoint,
            Version = version,
            SeenAt = at,
            Revision = 1,
        }).Entity;
    }
}
