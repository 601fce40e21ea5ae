namespace BlueGreen.RegistryListener.Sources.Identity;

/// <summary>
/// Who signs the tokens that a sender brings as <c>Authorization: Bearer</c> (JSON Web Tokens, RFC 7519), and what must stand in them. With
/// <see cref="Issuer"/> set such a token is the only credential: the source's shared secret is not taken in its place.
/// </summary>
public sealed class IdentityOptions
{
    /// <summary>The section, below the one of its source.</summary>
    public const string Section = "BlueGreen:RegistryListener:Sources:{source}:Identity";

    /// <summary>
    /// The <c>iss</c> of the tokens, e.g. <c>https://accounts.google.com</c> (Pub/Sub, Eventarc) or
    /// <c>https://login.microsoftonline.com/{tenant}/v2.0</c> (Event Grid). Null: no tokens.
    /// </summary>
    public string? Issuer { get; set; }

    /// <summary>The <c>aud</c>: what the sender was told this address is called. Required: without it a token for anybody would do.</summary>
    public string? Audience { get; set; }

    /// <summary>
    /// Where the issuer's public keys are (JSON Web Key Set, RFC 7517): https, or http on this machine; redirects are not followed. Default:
    /// known for Google and for Microsoft Entra.
    /// </summary>
    public Uri? KeysUrl { get; set; }

    /// <summary>
    /// The service account that sends: <c>email</c> must be it, and <c>email_verified</c> true. Google signs tokens for every one of its
    /// customers, so for Google this is required.
    /// </summary>
    public string? Email { get; set; }

    /// <summary>
    /// More claims that must be there with this value, or have it among theirs; e.g. <c>roles</c> =
    /// <c>AzureEventGridSecureWebhookSubscriber</c>, <c>appid</c> = the sender's application.
    /// </summary>
    public Dictionary<string, string> Claims { get; set; } = new(StringComparer.Ordinal);

    internal bool IsOn => !string.IsNullOrEmpty(Issuer);

    /// <summary>Where the keys are: as configured, or as the issuer's documentation says.</summary>
    internal Uri? Keys => KeysUrl ?? KnownIssuers.KeysOf(Issuer);

    /// <summary>What is wrong with these options; none when they are off.</summary>
    internal IEnumerable<string> Problems()
    {
        if (!IsOn)
        {
            if (Audience is not null || Email is not null || KeysUrl is not null || Claims.Count > 0) yield return "Issuer is missing.";
            yield break;
        }

        if (string.IsNullOrEmpty(Audience)) yield return "Audience is missing: a token that was made for somebody else would do.";
        if (Keys is not { } keys) yield return "KeysUrl is missing: where this issuer's keys are is not known.";
        else if (!keys.IsAbsoluteUri || !(keys.Scheme == Uri.UriSchemeHttps || (keys.Scheme == Uri.UriSchemeHttp && keys.IsLoopback)))
            yield return "KeysUrl must be https.";
        if (KnownIssuers.IsSharedByAll(Issuer!) && string.IsNullOrEmpty(Email) && Claims.Count == 0)
            yield return "Email is missing: this issuer signs tokens for all of its customers.";
    }
}
