using System.Diagnostics;
using BlueGreen.Contracts;
using BlueGreen.Platform.Persistence;
using BlueGreen.Platform.Webhooks;
using BlueGreen.RegistryListener.Endpoints;
using BlueGreen.RegistryListener.Persistence;
using BlueGreen.RegistryListener.Sources;
using Microsoft.EntityFrameworkCore;

namespace BlueGreen.RegistryListener.Webhooks;

/// <summary>
/// One transaction's view of what was heard before: decides what each event means and writes it down, so that events of one transaction see
/// each other. Loaded once for all of its webhooks.
/// </summary>
internal sealed class PromotionLedger
{
    private static readonly TimeSpan SageMakerRepeats = TimeSpan.FromMinutes(5);
    private readonly ServiceTransaction<RegistryListenerDbContext> _transaction;
    private readonly Dictionary<(string Source, string Id), Delivery> _deliveries = [];
    private readonly Dictionary<(string Endpoint, string Source, string Model), LatestPromotion> _latest = [];
    private Dictionary<string, KnownEndpoint> _endpoints = [];

    private PromotionLedger(ServiceTransaction<RegistryListenerDbContext> transaction) => _transaction = transaction;

    public static async Task<PromotionLedger> LoadAsync(
        ServiceTransaction<RegistryListenerDbContext> transaction, IReadOnlyList<Incoming> batch, CancellationToken cancellationToken)
    {
        var (ledger, db) = (new PromotionLedger(transaction), transaction.Db);
        ledger._endpoints = await db.Endpoints.AsNoTracking().ToDictionaryAsync(endpoint => endpoint.Name, cancellationToken);
        // All sources at once: what one of them has under an id of another is read for nothing, but a question for each would cost the batch
        // more than all the rest of it.
        var sources = batch.Select(incoming => incoming.Source).Distinct().ToList();
        var ids = batch.SelectMany(incoming => incoming.Events.Select((_, index) => incoming.KeyOf(index))).Distinct().ToList();
        foreach (var row in await db.Deliveries.AsNoTracking()
            .Where(row => sources.Contains(row.Source) && ids.Contains(row.DeliveryId)).ToListAsync(cancellationToken))
            ledger._deliveries.Add((row.Source, row.DeliveryId), row);
        var models = batch.SelectMany(incoming => incoming.Events).Select(ModelOf).OfType<string>().Distinct().ToList();
        if (models.Count == 0) return ledger;
        foreach (var row in await db.LatestPromotions
            .Where(row => sources.Contains(row.Source) && models.Contains(row.Model)).ToListAsync(cancellationToken))
            ledger._latest.Add((row.Endpoint, row.Source, row.Model), row);
        return ledger;
    }

    /// <summary>What became of each event of a webhook. One that is refused as a whole leaves nothing behind.</summary>
    public async Task<IReadOnlyList<Acceptance>> DecideAsync(Incoming incoming, CancellationToken cancellationToken)
    {
        // What follows from this webhook belongs to its trace, not to that of whoever writes for all; with this method's end it is over.
        Activity.Current = incoming.Trace;
        if (incoming.Events is [{ Reading: EventReading.Invalid invalid }]) return [new Acceptance.Refused(invalid.Problem)];
        var decisions = new List<Acceptance>(incoming.Events.Count);
        for (var index = 0; index < incoming.Events.Count; index++)
            decisions.Add(await DecideAsync(incoming, index, cancellationToken));
        return decisions;
    }

    private async Task<Acceptance> DecideAsync(Incoming incoming, int index, CancellationToken cancellationToken)
    {
        var key = incoming.KeyOf(index);
        if (_deliveries.TryGetValue((incoming.Source, key), out var earlier))
        {
            // Only a signed delivery id stands for one body; an event's own id may come again in other company.
            return incoming.DeliveryId is not null && earlier.BodySha256 != incoming.BodySha256
                ? new Acceptance.Conflicting($"Delivery '{key}' was already used for another body; use a new delivery id.")
                : Acceptance.Repeated(earlier);
        }

        return incoming.Events[index].Reading switch
        {
            EventReading.Promoted promoted => await PromoteAsync(incoming, index, promoted.Promotion, cancellationToken),
            EventReading.Ignored ignored => Ignore(incoming, index, null, ignored.Reason),
            // Beside good ones it must not make the sender repeat, or drop, all of them.
            EventReading.Invalid invalid => Ignore(incoming, index, null, $"{invalid.Problem.Field}: {invalid.Problem.Detail}"),
            _ => throw new InvalidOperationException("Unknown reading."),
        };
    }

    private async Task<Acceptance> PromoteAsync(Incoming incoming, int index, Promotion promotion, CancellationToken cancellationToken)
    {
        var targets = PromotionMap.Endpoints(promotion, incoming.Source, incoming.Options, _endpoints);
        if (targets.Count == 0) return NoEndpoint(incoming, index, promotion);
        Acceptance first = await PromoteAsync(incoming, index, incoming.KeyOf(index), promotion, targets[0], cancellationToken);
        foreach (var target in targets.Skip(1))
            await PromoteAsync(incoming, index, $"{incoming.KeyOf(index)}#{target.Endpoint.Name}", promotion, target, cancellationToken);
        return first;
    }

    private Acceptance NoEndpoint(Incoming incoming, int index, Promotion promotion)
    {
        var name = promotion.Endpoint ?? incoming.Options.Models.GetValueOrDefault(promotion.Model) ?? promotion.Model;
        if (promotion.MustHaveEndpoint)
        {
            return new Acceptance.Refused(new FieldProblem(StatusCodes.Status422UnprocessableEntity, promotion.EndpointField,
                $"There is no endpoint '{name}'. Configure it first: PUT /api/v1/endpoints/{name}."));
        }

        return Ignore(incoming, index, null, $"no endpoint takes model '{promotion.Model}' of {incoming.Source}: "
            + "name it in the policy's promotion.registries, or the endpoint after it");
    }

    private async Task<Acceptance> PromoteAsync(
        Incoming incoming, int index, string key, Promotion promotion, (KnownEndpoint Endpoint, RegistryRule? Rule) target,
        CancellationToken cancellationToken)
    {
        var (endpoint, rule) = target;
        if (PromotionMap.PromotingMark(promotion, incoming.Options, endpoint, rule) is null)
            return Ignore(incoming, index, endpoint.Name, PromotionMap.NotPromoted(promotion, incoming.Options, endpoint, rule), key);
        var (artifact, unknown) = PromotionMap.Artifact(promotion, incoming.Options, rule, incoming.Schemes);
        if (artifact is null) return Ignore(incoming, index, endpoint.Name, unknown!, key);
        if (Late(incoming, index, promotion, endpoint) is { } late) return Ignore(incoming, index, endpoint.Name, late, key);

        var message = new ModelPromoted
        {
            DeploymentId = Guid.CreateVersion7(incoming.ReceivedAt),
            Endpoint = endpoint.Name,
            Model = PromotionFields.ToName(promotion.Model),
            Version = promotion.Version,
            Artifact = artifact,
            Source = incoming.Source,
            PromotedBy = promotion.PromotedBy,
            PromotedAt = incoming.ReceivedAt,
        };
        Remember(incoming, index, promotion, message);
        Add(Row(incoming, index, key, endpoint.Name, message.DeploymentId, null));
        await _transaction.PublishAsync(message, cancellationToken);
        return new Acceptance.Accepted(message.DeploymentId, endpoint.Name, Duplicate: false);
    }

    /// <summary>By the registry's clock: older than what was promoted since, or the same change told again.</summary>
    private string? Late(Incoming incoming, int index, Promotion promotion, KnownEndpoint endpoint)
    {
        if (incoming.Events[index].OccurredAt is not { } at || !_latest.TryGetValue((endpoint.Name, incoming.Source, promotion.Model), out var latest))
            return null;
        if (at < latest.OccurredAt)
            return $"it happened at {at:O}, before the promotion of version {latest.Version} at {latest.OccurredAt:O}, which was heard already";
        var window = incoming.Options.RepeatWindow ?? (incoming.Options.Format ?? incoming.Source) switch { "sagemaker" => SageMakerRepeats, _ => TimeSpan.Zero };
        return latest.Version == promotion.Version && at - latest.OccurredAt < window
            ? $"version {latest.Version} was promoted {(at - latest.OccurredAt).TotalSeconds:0.###} s before it: the same change, told again"
            : null;
    }

    private void Remember(Incoming incoming, int index, Promotion promotion, ModelPromoted message)
    {
        if (incoming.Events[index].OccurredAt is not { } at) return;
        var key = (message.Endpoint, incoming.Source, promotion.Model);
        if (_latest.TryGetValue(key, out var latest))
        {
            (latest.Version, latest.OccurredAt, latest.DeploymentId) = (message.Version, at, message.DeploymentId);
            return;
        }

        _latest[key] = _transaction.Db.LatestPromotions.Add(new LatestPromotion
        {
            Endpoint = message.Endpoint,
            Source = incoming.Source,
            Model = promotion.Model,
            Version = message.Version,
            OccurredAt = at,
            DeploymentId = message.DeploymentId,
        }).Entity;
    }

    private Acceptance.Ignored Ignore(Incoming incoming, int index, string? endpoint, string reason, string? key = null)
    {
        Add(Row(incoming, index, key ?? incoming.KeyOf(index), endpoint, null, reason));
        return new Acceptance.Ignored(reason, Duplicate: false);
    }

    private void Add(Delivery row)
    {
        // Two events of one id in one transaction, under different webhooks or in one: the first is the event, the second its repetition.
        if (_deliveries.TryAdd((row.Source, row.DeliveryId), row)) _transaction.Db.Deliveries.Add(row);
    }

    private static string? ModelOf(RegistryEvent item) => (item.Reading as EventReading.Promoted)?.Promotion.Model;

    private static Delivery Row(Incoming incoming, int index, string key, string? endpoint, Guid? deployment, string? ignoredBecause)
    {
        var promotion = (incoming.Events[index].Reading as EventReading.Promoted)?.Promotion;
        return new Delivery
        {
            Source = incoming.Source,
            DeliveryId = key,
            BodySha256 = incoming.BodySha256,
            ReceivedAt = incoming.ReceivedAt,
            OccurredAt = incoming.Events[index].OccurredAt,
            Model = promotion?.Model,
            Version = promotion?.Version,
            Endpoint = endpoint,
            DeploymentId = deployment,
            // Names in it come from outside, and PostgreSQL has no text with a zero in it.
            IgnoredBecause = ignoredBecause?.Replace('\0', '\uFFFD'),
        };
    }
}
