using Microsoft.Extensions.Options;

namespace BlueGreen.EnvManager.Artifacts;

/// <summary>The allow-list that keeps a promotion's artifact address from being a way into the network.</summary>
internal sealed class ArtifactOrigins(IOptions<EnvManagerOptions> options)
{
    /// <summary>Scheme, host and port must all match; the default port of the scheme may be left out.</summary>
    public bool Allows(Uri uri) => options.Value.ArtifactOrigins.Any(origin => Matches(origin, uri));

    private static bool Matches(string origin, Uri uri)
    {
        const string AnyLabel = "://*.";
        var anySubdomain = origin.Contains(AnyLabel, StringComparison.Ordinal);
        if (!Uri.TryCreate(origin.Replace(AnyLabel, "://", StringComparison.Ordinal), UriKind.Absolute, out var allowed)) return false;
        return allowed.Scheme == uri.Scheme && allowed.Port == uri.Port
            && (anySubdomain
                ? uri.IdnHost.EndsWith($".{allowed.IdnHost}", StringComparison.OrdinalIgnoreCase)
                : string.Equals(uri.IdnHost, allowed.IdnHost, StringComparison.OrdinalIgnoreCase));
    }
}
