using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Rollback.Tests.Fixture;

/// <summary>Somebody's webhook receiver and chat, on Kestrel.</summary>
internal sealed class WebhookSink : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Post> _received = new();
    private int _refusals;

    private WebhookSink(WebApplication app)
    {
        _app = app;
        app.MapPost("/{**path}", TakeAsync);
    }

    /// <summary>So many of the next posts are answered 503.</summary>
    public int Refusals { set => _refusals = value; }
    public Uri Address => new(_app.Urls.First() + "/");
    public IReadOnlyList<Post> Received => [.. _received];

    public static async Task<WebhookSink> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder(["--urls", "http://127.0.0.1:0"]);
        builder.Logging.ClearProviders();
        var sink = new WebhookSink(builder.Build());
        await sink._app.StartAsync(TestContext.Current.CancellationToken);
        return sink;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task<IResult> TakeAsync(HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        var headers = request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString());
        _received.Enqueue(new Post(request.Path, headers, body.ToArray()));
        return Interlocked.Decrement(ref _refusals) >= 0 ? Results.StatusCode(503) : Results.Ok();
    }

    internal sealed record Post(string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body);
}
