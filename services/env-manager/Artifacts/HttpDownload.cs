using System.Net;
using System.Net.Http.Headers;

namespace BlueGreen.EnvManager.Artifacts;

/// <summary>One HTTP download, whoever signs its requests: where it goes on, and what its statuses mean.</summary>
internal static class HttpDownload
{
    /// <summary>Sends the request with the range that is missing.</summary>
    /// <param name="client">Must not follow redirects.</param>
    /// <param name="uri">Where it is.</param>
    /// <param name="position">Where to go on.</param>
    /// <param name="prepare">Adds what the server asks for, after the range.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public static async Task<HttpResponseMessage> SendAsync(
        HttpClient client, Uri uri, ArtifactPosition position, Action<HttpRequestMessage>? prepare, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, uri);
        if (position.From > 0)
        {
            request.Headers.Range = new RangeHeaderValue(position.From, null);
            if (position.Tag is { } tag) request.Headers.IfRange = new RangeConditionHeaderValue(tag);
        }

        prepare?.Invoke(request);
        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    /// <summary>The response as a stream, or as the reason why there is none; the response belongs to the result.</summary>
    public static async Task<ArtifactStream> ReadAsync(Uri uri, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var tag = response.Headers.ETag is { IsWeak: false } entity ? entity.Tag : null;
        switch (response.StatusCode)
        {
            case HttpStatusCode.OK:
                return ArtifactStream.Of(await response.Content.ReadAsStreamAsync(cancellationToken), response, 0, tag);
            case HttpStatusCode.PartialContent when response.Content.Headers.ContentRange?.From is { } from:
                return ArtifactStream.Of(await response.Content.ReadAsStreamAsync(cancellationToken), response, from, tag);
        }

        var status = (int)response.StatusCode;
        response.Dispose();
        var problem = $"{Shown(uri)} answered {status}.";
        return status is >= 500 or 408 or 416 or 425 or 429 ? ArtifactStream.Unreachable(problem) : ArtifactStream.Refused(problem);
    }

    /// <summary>Runs a request; what the network does is data.</summary>
    public static async Task<ArtifactStream> TryAsync(Uri uri, Func<Task<ArtifactStream>> open, CancellationToken cancellationToken)
    {
        try
        {
            return await open();
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

    /// <summary>Without the query, which in signed addresses is a secret.</summary>
    public static string Shown(Uri uri) => uri.GetLeftPart(UriPartial.Path);
}
