namespace BlueGreen.RegistryListener.Sources.Identity;

/// <summary>
/// Issuers whose keys' address need not be configured. Sources: Google, "Authentication for push subscriptions"; Microsoft, "OpenID Connect on
/// the Microsoft identity platform" (v2.0 tokens come from <c>login.microsoftonline.com</c>, v1.0 tokens from <c>sts.windows.net</c>).
/// </summary>
internal static class KnownIssuers
{
    private const string Google = "https://accounts.google.com";
    private const string Entra = "https://login.microsoftonline.com/";
    private const string EntraOld = "https://sts.windows.net/";

    /// <summary>Null: not known.</summary>
    public static Uri? KeysOf(string? issuer)
    {
        if (issuer is Google or "accounts.google.com") return new Uri("https://www.googleapis.com/oauth2/v3/certs");
        foreach (var authority in (string[])[Entra, EntraOld])
        {
            if (issuer?.StartsWith(authority, StringComparison.Ordinal) == true && Guid.TryParse(issuer[authority.Length..].Split('/')[0], out var tenant))
                return new Uri($"{Entra}{tenant}/discovery/v2.0/keys");
        }

        return null;
    }

    /// <summary>True where anybody can have the issuer sign a token for any audience.</summary>
    public static bool IsSharedByAll(string issuer) => issuer is Google or "accounts.google.com";
}
