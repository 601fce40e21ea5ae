using BlueGreen.Platform.Webhooks;
using BlueGreen.RegistryListener.Polling;

namespace BlueGreen.RegistryListener.Sources;

/// <summary>One event of a webhook; some registries send several at once.</summary>
internal sealed record RegistryEvent
{
    /// <summary>The registry's id of the event, the same at every repetition; null: the delivery's.</summary>
    public string? Id { get; init; }

    /// <summary>When it happened, by the registry's clock: what tells a late event from a new one. Null: arrival order counts.</summary>
    public DateTimeOffset? OccurredAt { get; init; }
    public required EventReading Reading { get; init; }

    /// <summary>What was found by asking the registry: then it is for one endpoint only, and the newest there is. Null: a webhook said it.</summary>
    public AliasSighting? Sighting { get; init; }

    public static RegistryEvent Of(EventReading reading) => new() { Reading = reading };
}

/// <summary>What one event says.</summary>
internal abstract record EventReading
{
    private EventReading()
    {
    }

    public sealed record Promoted(Promotion Promotion) : EventReading;

    /// <summary>Well-formed, and not about a promotion.</summary>
    public sealed record Ignored(string Reason) : EventReading;

    public sealed record Invalid(FieldProblem Problem) : EventReading;

    public static Invalid Missing(string field, string detail = "The field is required.") =>
        new(new FieldProblem(StatusCodes.Status422UnprocessableEntity, field, detail));
}
