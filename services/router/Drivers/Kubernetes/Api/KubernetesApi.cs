using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace BlueGreen.Router.Drivers.Kubernetes.Api;

/// <summary>
/// Reads, patches and watches objects of any kind as JSON, so that fields unknown here survive. Source: kubernetes.io, "Kubernetes API
/// Concepts" (resource versions, efficient detection of changes) and "Update API Objects in Place Using kubectl patch".
/// </summary>
internal sealed class KubernetesApi(KubernetesTarget target, TimeProvider clock) : IDisposable
{
    private const string StrategicMerge = "application/strategic-merge-patch+json";
    private const string Merge = "application/merge-patch+json";

    /// <summary>Unknown fields are refused rather than dropped, and the server notes who wrote.</summary>
    private const string PatchQuery = "fieldManager=bluegreen-router&fieldValidation=Strict";

    /// <summary>How much longer than it was asked for a watch may go on before it counts as broken.</summary>
    private static readonly TimeSpan WatchSlack = TimeSpan.FromSeconds(5);

    private readonly KubernetesConnection _connection = new(target);

    public void Dispose() => _connection.Dispose();

    /// <returns>Null: there is no such object.</returns>
    /// <exception cref="KubernetesFailureException">The server cannot be reached or refuses.</exception>
    public async Task<JsonObject?> FindAsync(KubernetesResource resource, string name, CancellationToken cancellationToken)
    {
        var (status, body) = await AskAsync(HttpMethod.Get, resource.PathOf(name), null, cancellationToken);
        return status == HttpStatusCode.NotFound ? null : Success(status, body);
    }

    public async Task<KubernetesList> ListAsync(KubernetesQuery query, CancellationToken cancellationToken)
    {
        var (status, body) = await AskAsync(HttpMethod.Get, $"{query.Resource.Path}?{query.Text}", null, cancellationToken);
        var list = Success(status, body);
        return new KubernetesList(list.ResourceVersion(), list["items"]?.AsArray().OfType<JsonObject>().ToArray() ?? []);
    }

    /// <summary>Changes what the patch names, if the object is still the one that was read.</summary>
    /// <param name="resource">The object's kind.</param>
    /// <param name="read">The object as it was read: its name, and the resource version that must still hold.</param>
    /// <param name="patch">Strategic merge patch for built-in kinds, merge patch (RFC 7396) for others.</param>
    /// <param name="cancellationToken">Ends the wait, not a change that was made.</param>
    /// <exception cref="KubernetesFailureException">The server cannot be reached or refuses.</exception>
    public async Task<PatchOutcome> PatchAsync(
        KubernetesResource resource, JsonObject read, JsonObject patch, CancellationToken cancellationToken)
    {
        var guarded = patch.DeepClone().AsObject();
        var metadata = guarded["metadata"] as JsonObject ?? [];
        metadata["resourceVersion"] = read.ResourceVersion();
        guarded["metadata"] = metadata;
        using var content = new StringContent(
            guarded.ToJsonString(), Encoding.UTF8, new MediaTypeHeaderValue(resource.HasStrategicMerge ? StrategicMerge : Merge));
        var (status, body) = await AskAsync(HttpMethod.Patch, $"{resource.PathOf(read.Name())}?{PatchQuery}", content, cancellationToken);
        return status == HttpStatusCode.Conflict ? PatchOutcome.Conflict : new PatchOutcome(Success(status, body));
    }

    /// <summary>What changes from the version on, until the server ends the watch; the last line of one that came too late is Gone.</summary>
    /// <exception cref="KubernetesFailureException">The server cannot be reached, refuses, or fell silent.</exception>
    public async IAsyncEnumerable<WatchNews> WatchAsync(
        KubernetesQuery query, string version, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var period = target.WatchPeriod;
        var path = $"{query.Resource.Path}?{query.Text}&watch=1&allowWatchBookmarks=true" +
            $"&resourceVersion={Uri.EscapeDataString(version)}&timeoutSeconds={Math.Ceiling(period.TotalSeconds)}";
        using var limit = new CancellationTokenSource(period + WatchSlack, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        using var answer = await GuardAsync(() => _connection.SendAsync(HttpMethod.Get, path, null, both.Token), cancellationToken);
        if (answer.StatusCode == HttpStatusCode.Gone)
        {
            yield return new WatchNews(WatchKind.Gone, []);
            yield break;
        }

        if (!answer.IsSuccessStatusCode) Success(answer.StatusCode, Parse(await answer.Content.ReadAsStringAsync(both.Token)));
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(both.Token));
        while (await GuardAsync(() => lines.ReadLineAsync(both.Token).AsTask(), cancellationToken) is { } line)
        {
            if (line.Length == 0) continue;
            var news = Read(line);
            yield return news;
            if (news.Kind == WatchKind.Gone) yield break;
        }
    }

    private static WatchNews Read(string line)
    {
        var told = Parse(line);
        if (told?["object"] is not JsonObject about) throw new KubernetesFailureException(null, "A line of a watch has no object.");
        return told["type"]?.GetValue<string>() switch
        {
            "ADDED" or "MODIFIED" => new WatchNews(WatchKind.Changed, about),
            "DELETED" => new WatchNews(WatchKind.Deleted, about),
            "BOOKMARK" => new WatchNews(WatchKind.Bookmark, about),
            "ERROR" when about["code"]?.GetValue<int>() == (int)HttpStatusCode.Gone => new WatchNews(WatchKind.Gone, about),
            _ => throw new KubernetesFailureException(null, $"The watch failed: {about["message"]}"),
        };
    }

    private async Task<(HttpStatusCode Status, JsonObject? Body)> AskAsync(
        HttpMethod method, string path, HttpContent? content, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(target.Timeout, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        return await GuardAsync(async () =>
        {
            using var answer = await _connection.SendAsync(method, path, content, both.Token);
            return (answer.StatusCode, Parse(await answer.Content.ReadAsStringAsync(both.Token)));
        }, cancellationToken);
    }

    private static async Task<T> GuardAsync<T>(Func<Task<T>> ask, CancellationToken cancellationToken)
    {
        try
        {
            return await ask();
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or k8s.Exceptions.KubeConfigException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new KubernetesFailureException(null, $"The API server did not answer: {exception.Message}", exception);
        }
    }

    private static JsonObject? Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static JsonObject Success(HttpStatusCode status, JsonObject? body)
    {
        var isSuccess = (int)status is >= 200 and < 300;
        if (isSuccess && body is not null) return body;
        throw new KubernetesFailureException(status, $"The API server answered {(int)status}: {body?["message"] ?? "no reason given"}");
    }
}
