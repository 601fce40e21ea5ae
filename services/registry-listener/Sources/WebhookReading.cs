using BlueGreen.Platform.Webhooks;

namespace BlueGreen.RegistryListener.Sources;

/// <summary>What an authentic webhook as a whole is.</summary>
internal abstract record WebhookReading
{
    private WebhookReading()
    {
    }

    public sealed record Events(IReadOnlyList<RegistryEvent> All) : WebhookReading;

    /// <summary>The sender asks whether this address wants its events: answered with 200 and this object, stored nowhere.</summary>
    public sealed record Handshake(object Answer) : WebhookReading;

    public sealed record Refused(FieldProblem Problem) : WebhookReading;

    public static WebhookReading Of(RegistryEvent single) => new Events([single]);

    public static WebhookReading Of(EventReading single) => Of(RegistryEvent.Of(single));
}
