using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Inference.Tests.Servers;

/// <summary>A server that knows certain paths and nothing else, and remembers what it was sent.</summary>
internal sealed class PathServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private PathServer(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.First() + "/");

    /// <summary>Method, path, media type and body of every request, in order.</summary>
    public ConcurrentQueue<(string Line, string? MediaType, string Body)> Requests { get; } = [];

    /// <param name="answers">By method and path, e.g. <c>GET /ping</c>.</param>
    public static Task<PathServer> StartAsync(Dictionary<string, Answer> answers) => StartAsync(async (context, body) =>
    {
        var found = answers.GetValueOrDefault($"{context.Request.Method} {context.Request.Path}") ?? new Answer("", 404);
        context.Response.StatusCode = found.Status;
        context.Response.ContentType = found.MediaType;
        await context.Response.WriteAsync(found.Body);
    });

    public static async Task<PathServer> StartAsync(Func<HttpContext, string, Task> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenLocalhostAnyPort(HttpProtocols.Http1));
        var server = new PathServer(builder.Build());
        server._app.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
            var body = await reader.ReadToEndAsync(context.RequestAborted);
            server.Requests.Enqueue(($"{context.Request.Method} {context.Request.Path}", context.Request.ContentType, body));
            await answer(context, body);
        });
        await server._app.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}

/// <summary>What a path answers.</summary>
internal sealed record Answer(string Body, int Status = 200, string MediaType = "application/json");
