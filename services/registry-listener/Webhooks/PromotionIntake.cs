using BlueGreen.Contracts;
using BlueGreen.Platform.Http;
using BlueGreen.Platform.Persistence;
using BlueGreen.Platform.Rehearsing;
using BlueGreen.Platform.Webhooks;
using BlueGreen.RegistryListener.Endpoints;
using BlueGreen.RegistryListener.Persistence;
using BlueGreen.RegistryListener.Sources;
using Microsoft.EntityFrameworkCore;

namespace BlueGreen.RegistryListener.Webhooks;

/// <summary>Stores what an authentic webhook says, once: the delivery's row and <see cref="ModelPromoted"/> commit together.</summary>
internal sealed class PromotionIntake(IServiceStore<RegistryListenerDbContext> store, ILogger<PromotionIntake> log)
{
    /// <summary>Throws when the database cannot be had.</summary>
    public async Task<Acceptance> AcceptAsync(
        IPromotionSource source, string deliveryId, WebhookRequest request, CancellationToken cancellationToken)
    {
        var reading = source.Read(request);
        if (reading is PromotionReading.Invalid invalid) return new Acceptance.Refused(invalid.Problem);

        var acceptance = await StoreAsync(Blank(source.Name, deliveryId, request), reading, cancellationToken);
        if (acceptance is Acceptance.Accepted { Duplicate: false } accepted)
            log.PromotionAccepted(accepted.DeploymentId, accepted.Endpoint, deliveryId, source.Name);
        else if (acceptance is Acceptance.Ignored { Duplicate: false } ignored)
            log.PromotionIgnored(deliveryId, source.Name, ignored.Reason);
        return acceptance;
    }

    /// <summary>Stores a promotion of an endpoint, and takes both back.</summary>
    public Task RehearseAsync(Promotion promotion, WebhookRequest request, CancellationToken cancellationToken)
    {
        var blank = Blank(SampleMessage.Text, SampleMessage.Text, request);
        return store.RehearseAsync(async (transaction, token) =>
        {
            var endpoint = new KnownEndpoint { Name = promotion.Endpoint, PromotionStage = promotion.Stage, Revision = 0 };
            transaction.Db.Endpoints.Add(endpoint);
            await transaction.Db.SaveChangesAsync(token);
            transaction.Db.ChangeTracker.Clear();
            await transaction.Db.Deliveries.FindAsync([blank.Source, blank.DeliveryId], token);
            await PromoteAsync(transaction, blank, promotion, token);
        }, cancellationToken);
    }

    private static Delivery Blank(string source, string deliveryId, WebhookRequest request) => new()
    {
        Source = source,
        DeliveryId = deliveryId,
        BodySha256 = BlobDigest.Of(request.Body.Span),
        ReceivedAt = request.ReceivedAt,
    };

    private async Task<Acceptance> StoreAsync(Delivery blank, PromotionReading reading, CancellationToken cancellationToken)
    {
        try
        {
            return await StoreOnceAsync(blank, reading, cancellationToken);
        }
        catch (DbUpdateException)
        {
            // Two deliveries of one id at the same time: the other one holds the key, and now this one finds its row.
            return await StoreOnceAsync(blank, reading, cancellationToken);
        }
    }

    private Task<Acceptance> StoreOnceAsync(Delivery blank, PromotionReading reading, CancellationToken cancellationToken) =>
        store.WriteAsync(async (transaction, token) =>
        {
            var earlier = await transaction.Db.Deliveries.FindAsync([blank.Source, blank.DeliveryId], token);
            if (earlier is not null) return Repeat(earlier, blank.BodySha256);
            return reading is PromotionReading.Promoted promoted
                ? await PromoteAsync(transaction, blank, promoted.Promotion, token)
                : Ignore(transaction, blank, null, ((PromotionReading.Ignored)reading).Reason);
        }, cancellationToken);

    private static Acceptance Repeat(Delivery earlier, string bodySha256)
    {
        if (earlier.BodySha256 != bodySha256)
            return new Acceptance.Conflicting($"Delivery '{earlier.DeliveryId}' was already used for another body; use a new delivery id.");
        return earlier.DeploymentId is { } deployment
            ? new Acceptance.Accepted(deployment, earlier.Endpoint!, Duplicate: true)
            : new Acceptance.Ignored(earlier.IgnoredBecause!, Duplicate: true);
    }

    private static async Task<Acceptance> PromoteAsync(
        ServiceTransaction<RegistryListenerDbContext> transaction, Delivery blank, Promotion promotion, CancellationToken cancellationToken)
    {
        var endpoint = await transaction.Db.Endpoints.FindAsync([promotion.Endpoint], cancellationToken);
        if (endpoint is null)
        {
            return new Acceptance.Refused(new(StatusCodes.Status422UnprocessableEntity, promotion.EndpointField,
                $"There is no endpoint '{promotion.Endpoint}'. Configure it first: PUT /api/v1/endpoints/{promotion.Endpoint}."));
        }

        if (promotion.Stage != endpoint.PromotionStage)
        {
            var reason = $"stage '{promotion.Stage}' is not '{endpoint.PromotionStage}', the one endpoint '{endpoint.Name}' is promoted from";
            return Ignore(transaction, blank, endpoint.Name, reason);
        }

        var message = Message(promotion, blank);
        transaction.Db.Deliveries.Add(Copy(blank, endpoint.Name, message.DeploymentId, null));
        await transaction.PublishAsync(message, cancellationToken);
        return new Acceptance.Accepted(message.DeploymentId, endpoint.Name, Duplicate: false);
    }

    private static Acceptance.Ignored Ignore(
        ServiceTransaction<RegistryListenerDbContext> transaction, Delivery blank, string? endpoint, string reason)
    {
        transaction.Db.Deliveries.Add(Copy(blank, endpoint, null, reason));
        return new Acceptance.Ignored(reason, Duplicate: false);
    }

    private static ModelPromoted Message(Promotion promotion, Delivery delivery) => new()
    {
        DeploymentId = Guid.CreateVersion7(delivery.ReceivedAt),
        Endpoint = promotion.Endpoint,
        Model = promotion.Model,
        Version = promotion.Version,
        Artifact = promotion.Artifact,
        Source = delivery.Source,
        PromotedBy = promotion.PromotedBy,
        PromotedAt = delivery.ReceivedAt,
    };

    private static Delivery Copy(Delivery blank, string? endpoint, Guid? deployment, string? ignoredBecause) => new()
    {
        Source = blank.Source,
        DeliveryId = blank.DeliveryId,
        BodySha256 = blank.BodySha256,
        ReceivedAt = blank.ReceivedAt,
        Endpoint = endpoint,
        DeploymentId = deployment,
        IgnoredBecause = ignoredBecause,
    };
}
