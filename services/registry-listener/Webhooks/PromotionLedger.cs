using System.Diagnostics;
using BlueGreen.Contracts;
using BlueGreen.Platform.Persistence;
using BlueGreen.Platform.Webhooks;
using BlueGreen.RegistryListener.Endpoints;
using BlueGreen.RegistryListener.Persistence;
using BlueGreen.RegistryListener.Polling;
using BlueGreen.RegistryListener.Sources;
using Microsoft.EntityFrameworkCore;

namespace BlueGreen.RegistryListener.Webhooks;

/// <summary>
/// One transaction's view of what was heard before: decides what each event means and writes it down, so that events of one transaction see
/// each other. Loaded once for all of its webhooks.
/// </summary>
internal sealed class PromotionLedger
{
    private readonly ServiceTransaction<RegistryListenerDbContext> _transaction;
    private readonly DeliveryRows _deliveries;
    private readonly LatestPromotions _latest;
    private SeenAliases _seen;
    private Dictionary<string, KnownEndpoint> _endpoints = [];

    private PromotionLedger(ServiceTransaction<RegistryListenerDbContext> transaction)
    {
        _transaction = transaction;
        _deliveries = new DeliveryRows(transaction.Db);
        _latest = new LatestPromotions(transaction.Db);
        _seen = SeenAliases.None(transaction.Db);
    }

    public static async Task<PromotionLedger> LoadAsync(
        ServiceTransaction<RegistryListenerDbContext> transaction, IReadOnlyList<Incoming> batch, CancellationToken cancellationToken)
    {
        var (ledger, db) = (new PromotionLedger(transaction), transaction.Db);
        ledger._endpoints = await db.Endpoints.AsNoTracking().ToDictionaryAsync(endpoint => endpoint.Name, cancellationToken);
        var sources = batch.Select(incoming => incoming.Source).Distinct().ToList();
        var events = batch.SelectMany(incoming => incoming.Events.Select((_, index) => (Incoming: incoming, Index: index))).ToList();
        await ledger._deliveries.LoadAsync(sources, [.. events.Select(item => item.Incoming.KeyOf(item.Index)).Distinct()], cancellationToken);
        var others = events.SelectMany(item => ledger.IdsOfEndpoints(item.Incoming, item.Index)).Distinct().ToList();
        if (others.Count > 0) await ledger._deliveries.LoadAsync(sources, others, cancellationToken);

        var promotions = events.Select(item => (item.Incoming, Promotion: PromotionOf(item.Incoming, item.Index))).Where(item => item.Promotion is not null).ToList();
        var models = promotions.Select(item => item.Promotion!.Model).Distinct().ToList();
        if (models.Count > 0) await ledger._latest.LoadAsync(sources, models, cancellationToken);
        var pointed = promotions.Where(item => IsPolled(item.Incoming) && item.Promotion!.Marks.Any(mark => mark.Alias is not null))
            .Select(item => item.Promotion!.Model).Distinct().ToList();
        if (pointed.Count > 0) ledger._seen = await SeenAliases.LoadAsync(db, sources, pointed, cancellationToken);
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
        var earlier = _deliveries.Find(incoming.Source, key);
        // Only a signed delivery id stands for one body; an event's own id may come again in other company.
        if (earlier is not null && incoming.DeliveryId is not null && earlier.BodySha256 != incoming.BodySha256)
            return new Acceptance.Conflicting($"Delivery '{key}' was already used for another body; use a new delivery id.");
        // What started nothing is looked at again: the policy may take it by now.
        var reading = incoming.Events[index].Reading;
        if (earlier is { DeploymentId: not null } && (reading is not EventReading.Promoted || !incoming.IsKnownByBodyAlone(index)))
            return Acceptance.Repeated(earlier);

        return reading switch
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
        var sighting = incoming.Events[index].Sighting;
        if (sighting is not null && !_seen.IsNews(sighting)) return new Acceptance.Ignored("its alias moved since the registry was asked", Duplicate: true);
        var targets = PromotionMap.Endpoints(promotion, incoming.Source, incoming.Options, _endpoints)
            .Where(target => sighting is null || target.Endpoint.Name == sighting.Key.Endpoint).ToList();
        if (targets.Count == 0) return NoEndpoint(incoming, index, promotion);
        var decisions = new List<Acceptance>(targets.Count);
        foreach (var target in targets)
        {
            var key = _deliveries.IdFor(incoming.Source, incoming.KeyOf(index), target.Endpoint.Name);
            var earlier = _deliveries.Find(incoming.Source, key);
            decisions.Add(earlier is not null && IsRepetition(incoming, index, promotion, earlier)
                ? Acceptance.Repeated(earlier)
                : await PromoteAsync(incoming, index, key, promotion, target, cancellationToken));
        }

        return decisions.Find(decision => decision is Acceptance.Accepted { Duplicate: false })
            ?? decisions.Find(decision => decision is Acceptance.Accepted) ?? decisions[0];
    }

    /// <summary>
    /// Without id and time a body comes again because its answer was lost, or because a mark came back to a version: the latter can only be
    /// once something else was promoted, and is not soon repeated by a sender.
    /// </summary>
    private bool IsRepetition(Incoming incoming, int index, Promotion promotion, Delivery earlier)
    {
        if (earlier is not { DeploymentId: { } deployment, Endpoint: { } endpoint }) return false;
        return !incoming.IsKnownByBodyAlone(index)
            || incoming.ReceivedAt - earlier.ReceivedAt < incoming.SameBodyWindow
            || _latest.Of(endpoint, incoming.Source, promotion.Model)?.DeploymentId == deployment;
    }

    private Acceptance NoEndpoint(Incoming incoming, int index, Promotion promotion)
    {
        if (_deliveries.Find(incoming.Source, incoming.KeyOf(index)) is { DeploymentId: not null } accepted) return Acceptance.Repeated(accepted);
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
        if (PromotionMap.PromotingMark(promotion, incoming.Options, endpoint, rule) is not { } mark)
            return Ignore(incoming, index, endpoint.Name, PromotionMap.NotPromoted(promotion, incoming.Options, endpoint, rule), key);
        var (artifact, unknown) = PromotionMap.Artifact(promotion, incoming.Options, rule, incoming.Schemes);
        if (artifact is null) return Ignore(incoming, index, endpoint.Name, unknown!, key);
        var happened = incoming.Events[index].OccurredAt ?? incoming.ReceivedAt;
        AliasKey? alias = mark.Alias is { } name && IsPolled(incoming) ? new AliasKey(incoming.Source, promotion.Model, name, endpoint.Name) : null;
        if (_latest.Late(incoming, index, promotion, endpoint) is { } late)
        {
            if (alias is { } told) _seen.NoteLate(told, promotion.Version, happened);
            return Ignore(incoming, index, endpoint.Name, late, key);
        }

        var message = Message(incoming, promotion, endpoint, artifact);
        if (alias is { } moved) _seen.Note(moved, promotion.Version, happened);
        _latest.Remember(message, promotion.Model, happened);
        _deliveries.Put(Row(incoming, index, key, endpoint.Name, message.DeploymentId, null));
        await _transaction.PublishAsync(message, cancellationToken);
        return new Acceptance.Accepted(message.DeploymentId, endpoint.Name, Duplicate: false);
    }

    private static ModelPromoted Message(Incoming incoming, Promotion promotion, KnownEndpoint endpoint, ArtifactReference artifact) => new()
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

    private Acceptance.Ignored Ignore(Incoming incoming, int index, string? endpoint, string reason, string? key = null)
    {
        var row = Row(incoming, index, key ?? incoming.KeyOf(index), endpoint, null, reason);
        if (_deliveries.Find(row.Source, row.DeliveryId) is { } earlier && earlier.IgnoredBecause == row.IgnoredBecause)
            return new Acceptance.Ignored(reason, Duplicate: true);
        _deliveries.Put(row);
        return new Acceptance.Ignored(reason, Duplicate: false);
    }

    /// <summary>Rows that only matter where the event's own was found, or may belong to another endpoint by now.</summary>
    private IEnumerable<string> IdsOfEndpoints(Incoming incoming, int index)
    {
        if (PromotionOf(incoming, index) is not { } promotion) return [];
        var (key, byBody) = (incoming.KeyOf(index), incoming.IsKnownByBodyAlone(index));
        var earlier = _deliveries.Find(incoming.Source, key);
        var isDecided = earlier is { DeploymentId: not null } && !byBody;
        var targets = PromotionMap.Endpoints(promotion, incoming.Source, incoming.Options, _endpoints);
        return isDecided || (earlier is null && (!byBody || targets.Count < 2)) ? [] : targets.Select(target => DeliveryRows.OfEndpoint(key, target.Endpoint.Name));
    }

    /// <summary>Only of registries that are asked where their aliases are it matters where they were.</summary>
    private static bool IsPolled(Incoming incoming) => incoming.Format == "mlflow";

    private static Promotion? PromotionOf(Incoming incoming, int index) => (incoming.Events[index].Reading as EventReading.Promoted)?.Promotion;

    private static Delivery Row(Incoming incoming, int index, string key, string? endpoint, Guid? deployment, string? ignoredBecause)
    {
        var promotion = PromotionOf(incoming, index);
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
