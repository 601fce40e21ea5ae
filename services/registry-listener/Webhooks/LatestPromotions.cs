using BlueGreen.Contracts;
using BlueGreen.RegistryListener.Endpoints;
using BlueGreen.RegistryListener.Persistence;
using BlueGreen.RegistryListener.Sources;
using Microsoft.EntityFrameworkCore;

namespace BlueGreen.RegistryListener.Webhooks;

/// <summary>One transaction's view of the newest promotions; its own join it.</summary>
internal sealed class LatestPromotions(RegistryListenerDbContext db)
{
    private static readonly TimeSpan SageMakerRepeats = TimeSpan.FromMinutes(5);
    private readonly Dictionary<(string Endpoint, string Source, string Model), LatestPromotion> _rows = [];

    public async Task LoadAsync(IReadOnlyList<string> sources, IReadOnlyList<string> models, CancellationToken cancellationToken)
    {
        foreach (var row in await db.LatestPromotions
            .Where(row => sources.Contains(row.Source) && models.Contains(row.Model)).ToListAsync(cancellationToken))
            _rows.Add((row.Endpoint, row.Source, row.Model), row);
    }

    public LatestPromotion? Of(string endpoint, string source, string model) => _rows.GetValueOrDefault((endpoint, source, model));

    /// <summary>By the registry's clock: older than what was promoted since, or the same change told again. What was asked for is neither.</summary>
    public string? Late(Incoming incoming, int index, Promotion promotion, KnownEndpoint endpoint)
    {
        if (incoming.Events[index] is not { OccurredAt: { } at, Sighting: null } || Of(endpoint.Name, incoming.Source, promotion.Model) is not { } latest) return null;
        if (at < latest.OccurredAt)
            return $"it happened at {at:O}, before the promotion of version {latest.Version} at {latest.OccurredAt:O}, which was heard already";
        var window = incoming.Options.RepeatWindow ?? incoming.Format switch { "sagemaker" => SageMakerRepeats, _ => TimeSpan.Zero };
        return latest.Version == promotion.Version && at - latest.OccurredAt < window
            ? $"version {latest.Version} was promoted {(at - latest.OccurredAt).TotalSeconds:0.###} s before it: the same change, told again"
            : null;
    }

    /// <param name="message">The promotion.</param>
    /// <param name="model">The registry's own name of the model.</param>
    /// <param name="happened">By the registry's clock; by ours where it does not say.</param>
    public void Remember(ModelPromoted message, string model, DateTimeOffset happened)
    {
        var key = (message.Endpoint, message.Source, model);
        if (_rows.TryGetValue(key, out var latest))
        {
            // The two clocks may differ; the promotion is the newest all the same.
            if (happened > latest.OccurredAt) latest.OccurredAt = happened;
            (latest.Version, latest.DeploymentId) = (message.Version, message.DeploymentId);
            return;
        }

        _rows[key] = db.LatestPromotions.Add(new LatestPromotion
        {
            Endpoint = message.Endpoint,
            Source = message.Source,
            Model = model,
            Version = message.Version,
            OccurredAt = happened,
            DeploymentId = message.DeploymentId,
        }).Entity;
    }
}
