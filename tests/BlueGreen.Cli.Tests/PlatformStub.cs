using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Cli.Tests;

/// <summary>A real web server on a free port that answers what a test tells it to, and remembers what it was asked.</summary>
internal sealed class PlatformStub : IAsyncDisposable
{
    public const string Token = "operator-token";

    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, RequestDelegate> _answers = new();

    private PlatformStub(WebApplication app) => _app = app;

    public ConcurrentQueue<RecordedRequest> Requests { get; } = new();

    public string Address => _app.Urls.First();

    public static async Task<PlatformStub> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var stub = new PlatformStub(builder.Build());
        stub._app.Run(stub.AnswerAsync);
        await stub._app.StartAsync(TestContext.Current.CancellationToken);
        return stub;
    }

    public void Answer(string methodAndPath, RequestDelegate answer) => _answers[methodAndPath] = answer;

    public void Answer(string methodAndPath, int status, string json) => Answer(methodAndPath, context =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = status < 400 ? "application/json" : "application/problem+json";
        return context.Response.WriteAsync(json);
    });

    /// <summary>Runs <c>bg</c> against this server in-process.</summary>
    public async Task<BgRun> BgAsync(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        string[] all = [.. args, "--server", Address, "--token", Token];
        var code = await Commands.BgCommand.RunAsync(all, output, error, TestContext.Current.CancellationToken);
        return new BgRun(code, output.ToString(), error.ToString());
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var request = context.Request;
        using var reader = new StreamReader(request.Body);
        Requests.Enqueue(new RecordedRequest(
            request.Method, request.Path.Value!, request.QueryString.Value ?? "", await reader.ReadToEndAsync(context.RequestAborted),
            request.ContentType, request.Headers["Last-Event-ID"].ToString()));
        if (request.Headers.Authorization != $"Bearer {Token}") context.Response.StatusCode = 401;
        else if (_answers.TryGetValue($"{request.Method} {request.Path}", out var answer)) await answer(context);
        else await Results.Problem("no such thing", statusCode: 404, title: "Not found.").ExecuteAsync(context);
    }
}

internal sealed record RecordedRequest(string Method, string Path, string Query, string Body, string? ContentType, string LastEventId);

internal sealed record BgRun(int ExitCode, string Output, string Error);
