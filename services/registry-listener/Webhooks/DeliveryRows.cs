using BlueGreen.RegistryListener.Persistence;
using Microsoft.EntityFrameworkCore;

namespace BlueGreen.RegistryListener.Webhooks;

/// <summary>One transaction's view of the deliveries that were heard before; its own join it.</summary>
internal sealed class DeliveryRows(RegistryListenerDbContext db)
{
    private readonly Dictionary<(string Source, string Id), Delivery> _rows = [];

    /// <summary>
    /// All sources at once: what one of them has under an id of another is read for nothing, but a question for each would cost a batch more
    /// than all the rest of it.
    /// </summary>
    public async Task LoadAsync(IReadOnlyList<string> sources, IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        foreach (var row in await db.Deliveries.AsNoTracking()
            .Where(row => sources.Contains(row.Source) && ids.Contains(row.DeliveryId)).ToListAsync(cancellationToken))
            _rows.TryAdd((row.Source, row.DeliveryId), row);
    }

    public Delivery? Find(string source, string id) => _rows.GetValueOrDefault((source, id));

    /// <summary>The id under which a delivery is kept for an endpoint: its own for the first, with the endpoint's name for every other.</summary>
    public string IdFor(string source, string id, string endpoint) => Find(source, id) is { } row && (row.Endpoint ?? endpoint) != endpoint
        ? OfEndpoint(id, endpoint)
        : id;

    public static string OfEndpoint(string id, string endpoint) => $"{id}#{endpoint}";

    /// <summary>Writes what became of a delivery now. A deployment that it started earlier keeps a row, by which its end is reported.</summary>
    public void Put(Delivery row)
    {
        if (_rows.TryAdd((row.Source, row.DeliveryId), row))
        {
            db.Deliveries.Add(row);
            return;
        }

        var earlier = _rows[(row.Source, row.DeliveryId)];
        if (earlier.DeploymentId is { } deployment) db.Deliveries.Add(earlier.Under($"{earlier.DeliveryId}~{deployment:N}"));
        if (db.Entry(earlier).State == EntityState.Detached) db.Attach(earlier);
        db.Entry(earlier).CurrentValues.SetValues(row);
    }
}
