using System.Text.Json.Nodes;

namespace BlueGreen.Router.Drivers.Kubernetes.Api;

/// <summary>
/// Keeps a picture of some objects up to date: lists them, then watches. A watch that ends is taken up from where it was (bookmarks move that
/// on while nothing changes); one that was too late, broke or fell silent is begun anew with a list, so that no change goes unseen.
/// </summary>
internal sealed class KubernetesFollower(KubernetesApi api, TimeSpan retryDelay, TimeProvider clock, ILogger log)
{
    /// <summary>Shows the picture at once and after every change, until one is good enough.</summary>
    /// <param name="query">Which objects.</param>
    /// <param name="isEnough">Gets the picture; true ends the watch.</param>
    /// <param name="cancellationToken">Ends it, too.</param>
    public async Task FollowAsync(
        KubernetesQuery query, Func<IReadOnlyCollection<JsonObject>, bool> isEnough, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                if (await RoundAsync(query, isEnough, cancellationToken)) return;
            }
            catch (KubernetesFailureException exception)
            {
                Log.WatchFailed(log, query.Resource, exception);
                await Task.Delay(retryDelay, clock, cancellationToken);
            }
        }
    }

    /// <returns>False: list again.</returns>
    private async Task<bool> RoundAsync(
        KubernetesQuery query, Func<IReadOnlyCollection<JsonObject>, bool> isEnough, CancellationToken cancellationToken)
    {
        var list = await api.ListAsync(query, cancellationToken);
        var picture = list.Items.ToDictionary(item => item.Name(), StringComparer.Ordinal);
        if (isEnough(picture.Values)) return true;
        for (var version = list.Version; ;)
        {
            var before = version;
            await foreach (var news in api.WatchAsync(query, version, cancellationToken))
            {
                if (news.Kind == WatchKind.Gone)
                {
                    Log.WatchTooLate(log, query.Resource, version);
                    return false;
                }

                version = news.Object.ResourceVersion();
                if (news.Kind == WatchKind.Bookmark) continue;
                if (news.Kind == WatchKind.Deleted) picture.Remove(news.Object.Name());
                else picture[news.Object.Name()] = news.Object;
                if (isEnough(picture.Values)) return true;
            }

            // A server that ends watches at once, without a word, must not be asked in a tight loop.
            if (version == before) await Task.Delay(retryDelay, clock, cancellationToken);
        }
    }
}
