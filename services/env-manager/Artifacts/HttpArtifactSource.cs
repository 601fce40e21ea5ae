using System.Net;

namespace BlueGreen.EnvManager.Artifacts;

/// <summary>Artifacts on a web server or object store. Every address on the way, redirects included, must be on the allow-list.</summary>
internal sealed class HttpArtifactSource(IHttpClientFactory clients, ArtifactOrigins origins) : IArtifactSource
{
    /// <summary>Name of the HTTP client; it must not follow redirects by itself.</summary>
    public const string ClientName = "env-manager-artifacts";

    private const int RedirectLimit = 5;

    public bool Handles(Uri uri) => uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps;

    public async Task<ArtifactStream> OpenAsync(Uri uri, CancellationToken cancellationToken)
    {
        var client = clients.CreateClient(ClientName);
        try
        {
            for (var hop = 0; hop <= RedirectLimit; hop++)
            {
                if (!Handles(uri) || !origins.Allows(uri)) return NotAllowed(uri);
                var response = await client.GetAsync(uri, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
                if (NextHop(uri, response) is not { } next) return await ReadAsync(uri, response, cancellationToken);
                response.Dispose();
                uri = next;
            }

            return ArtifactStream.Refused($"The artifact's address redirects more than {RedirectLimit} times.");
        }
        catch (HttpRequestException exception)
        {
            return ArtifactStream.Unreachable($"{Shown(uri)} could not be reached: {exception.Message}");
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return ArtifactStream.Unreachable($"{Shown(uri)} did not answer in time.");
        }
    }

    private static ArtifactStream NotAllowed(Uri uri) => ArtifactStream.Refused(
        $"Artifacts may not be fetched from {uri.GetLeftPart(UriPartial.Authority)}: it is not in {EnvManagerOptions.Section}:ArtifactOrigins.");

    private static Uri? NextHop(Uri uri, HttpResponseMessage response) =>
        (int)response.StatusCode is 301 or 302 or 303 or 307 or 308 && response.Headers.Location is { } location
            ? new Uri(uri, location)
            : null;

    private static async Task<ArtifactStream> ReadAsync(Uri uri, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.StatusCode == HttpStatusCode.OK)
            return ArtifactStream.Of(await response.Content.ReadAsStreamAsync(cancellationToken), response);
        var status = (int)response.StatusCode;
        response.Dispose();
        var problem = $"{Shown(uri)} answered {status}.";
        return status >= 500 || status is 408 or 425 or 429 ? ArtifactStream.Unreachable(problem) : ArtifactStream.Refused(problem);
    }

    /// <summary>Without the query, which in signed addresses is a secret.</summary>
    private static string Shown(Uri uri) => uri.GetLeftPart(UriPartial.Path);
}
