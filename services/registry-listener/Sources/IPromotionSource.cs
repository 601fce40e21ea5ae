using BlueGreen.Platform.Webhooks;

namespace BlueGreen.RegistryListener.Sources;

/// <summary>
/// One way in which a registry says that a model version was promoted. Both methods are pure: no I/O, and nothing that can be in the
/// request makes them throw.
/// </summary>
internal interface IPromotionSource
{
    /// <summary>Last segment of the webhook's path and name of the source's options, e.g. <c>generic</c>.</summary>
    string Name { get; }

    /// <summary>Decides from the headers and the raw body who spoke, before anything of the body is read.</summary>
    Authentication Authenticate(WebhookRequest request, string secret);

    /// <summary>Reads an authentic request.</summary>
    PromotionReading Read(WebhookRequest request);
}
