using System.Globalization;
using System.Text.Json.Nodes;

namespace BlueGreen.Router.Drivers.Tests.Kubernetes;

/// <summary>One watch: a line per change, a bookmark for changes of other kinds, and an error when versions are forgotten under it.</summary>
internal sealed class FakeWatch(HttpContext context, FakeStore store, string plural, Func<JsonObject, bool> isMeant)
{
    public async Task RunAsync(long from, CancellationToken cancellationToken)
    {
        var hasBookmarks = context.Request.Query["allowWatchBookmarks"] == "true";
        while (true)
        {
            if (from < store.Forgotten)
            {
                await LineAsync("ERROR", new JsonObject { ["kind"] = "Status", ["code"] = 410, ["reason"] = "Expired", ["message"] = $"too old resource version: {from}" }, cancellationToken);
                return;
            }

            var (changes, next) = store.Since(from, plural);
            foreach (var (version, type, item) in changes)
            {
                from = version;
                if (isMeant(item)) await LineAsync(type, item, cancellationToken);
                else if (hasBookmarks) await BookmarkAsync(version, cancellationToken);
            }

            await next.WaitAsync(cancellationToken);
            var now = store.Version;
            if (!hasBookmarks || from < store.Forgotten || store.Since(from, plural).Changes.Length > 0) continue;
            from = now;
            await BookmarkAsync(from, cancellationToken);
        }
    }

    private Task BookmarkAsync(long version, CancellationToken cancellationToken) => LineAsync("BOOKMARK", new JsonObject
    {
        ["kind"] = "Bookmark",
        ["metadata"] = new JsonObject { ["resourceVersion"] = version.ToString(CultureInfo.InvariantCulture) },
    }, cancellationToken);

    private async Task LineAsync(string type, JsonObject item, CancellationToken cancellationToken)
    {
        await context.Response.WriteAsync(new JsonObject { ["type"] = type, ["object"] = item.DeepClone() }.ToJsonString() + "\n", cancellationToken);
        await context.Response.Body.FlushAsync(cancellationToken);
    }
}
