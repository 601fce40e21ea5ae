using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlueGreen.RegistryListener.Webhooks;

/// <summary>An event of a webhook that was answered: the row that makes its repetition harmless.</summary>
internal sealed class Delivery
{
    public required string Source { get; init; }

    /// <summary>The source's id of the delivery or, where one delivery brings several, of the event; unique per source.</summary>
    public required string DeliveryId { get; init; }

    /// <summary>SHA-256 of the raw body: the same id with another body is a conflict, not a repetition.</summary>
    public required string BodySha256 { get; init; }
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>When it happened, by the registry's clock; null when it does not say.</summary>
    public DateTimeOffset? OccurredAt { get; init; }

    /// <summary>The registry's own name of the model; null when it is about none.</summary>
    public string? Model { get; init; }
    public string? Version { get; init; }

    /// <summary>Null when nothing could be made of it.</summary>
    public string? Endpoint { get; init; }

    /// <summary>The deployment it started; null when it was ignored.</summary>
    public Guid? DeploymentId { get; init; }

    /// <summary>Why it was ignored; null when it started a deployment.</summary>
    public string? IgnoredBecause { get; init; }

    /// <summary>The same, under another id.</summary>
    public Delivery Under(string id) => new()
    {
        Source = Source,
        DeliveryId = id,
        BodySha256 = BodySha256,
        ReceivedAt = ReceivedAt,
        OccurredAt = OccurredAt,
        Model = Model,
        Version = Version,
        Endpoint = Endpoint,
        DeploymentId = DeploymentId,
        IgnoredBecause = IgnoredBecause,
    };

    internal sealed class Mapping : IEntityTypeConfiguration<Delivery>
    {
        public void Configure(EntityTypeBuilder<Delivery> builder)
        {
            builder.ToTable("deliveries");
            builder.HasKey(delivery => new { delivery.Source, delivery.DeliveryId });
            builder.HasIndex(delivery => delivery.ReceivedAt);
            builder.HasIndex(delivery => delivery.DeploymentId);
        }
    }
}
