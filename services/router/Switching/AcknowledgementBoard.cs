using System.Collections.Concurrent;

namespace BlueGreen.Router.Switching;

/// <summary>The newest acknowledgements that this process heard of: who waits for them need not ask the database.</summary>
internal sealed class AcknowledgementBoard(RouteSignals signals)
{
    private readonly ConcurrentDictionary<(string Replica, string Endpoint), HeardAcknowledgement> _heard = [];

    public void Hear(string replica, IEnumerable<HeardAcknowledgement> acknowledgements)
    {
        foreach (var heard in acknowledgements)
        {
            _heard.AddOrUpdate(
                (replica, heard.Endpoint), static (_, added) => added, static (_, known, added) => known.Version > added.Version ? known : added, heard);
        }

        signals.Acknowledged.Fire();
    }

    public HeardAcknowledgement? Find(string replica, string endpoint) => _heard.GetValueOrDefault((replica, endpoint));
}

/// <param name="Endpoint">The route.</param>
/// <param name="Version">What was acknowledged.</param>
/// <param name="AppliedAt">When, by the database's clock.</param>
/// <param name="HeldMilliseconds">How long requests were held before it.</param>
internal sealed record HeardAcknowledgement(string Endpoint, long Version, DateTimeOffset AppliedAt, double? HeldMilliseconds);
