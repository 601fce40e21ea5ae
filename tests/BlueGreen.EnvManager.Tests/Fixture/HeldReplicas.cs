using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace BlueGreen.EnvManager.Tests.Fixture;

/// <summary>Stands where a router would, and writes down which replicas are to get no requests and what was running then.</summary>
internal sealed class HeldReplicas(WebApplication app) : IAsyncDisposable
{
    private readonly ConcurrentQueue<(string Path, int Running)> _told = [];

    public Func<Task<int>> Seen { get; set; } = () => Task.FromResult(0);

    public string Address => app.Urls.First() + "/";

    public IReadOnlyCollection<(string Path, int Running)> Told => _told;

    public static async Task<HeldReplicas> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var router = new HeldReplicas(app);
        app.MapPut("/{**path}", async (HttpContext context) =>
        {
            router._told.Enqueue((context.Request.Path.Value!, await router.Seen()));
            return TypedResults.NoContent();
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        return router;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
