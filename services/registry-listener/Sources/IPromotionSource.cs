using BlueGreen.Platform.Webhooks;

namespace BlueGreen.RegistryListener.Sources;

/// <summary>
/// One way in which a registry says that a model version was promoted. The methods are pure: no I/O, and nothing that can be in the
/// request makes them throw.
/// </summary>
internal interface IPromotionSource
{
    /// <summary>Last segment of the webhook's path and name of the source's options, e.g. <c>generic</c>.</summary>
    string Name { get; }

    /// <summary>False where the body need not be JSON by its content type.</summary>
    bool RequiresJson => true;

    /// <summary>Decides from the headers and the raw body who spoke, before anything of the body is read.</summary>
    Authentication Authenticate(WebhookRequest request, SourceOptions options);

    /// <summary>Reads an authentic request.</summary>
    WebhookReading Read(WebhookRequest request, SourceOptions options);
}
