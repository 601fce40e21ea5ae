using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Orchestrator.Tests.Deployments.Fixture;

/// <summary>Somebody's own steps: what they were told, and what the test lets them say.</summary>
internal sealed class HookServer : IAsyncDisposable
{
    public const string Secret = "a hook's secret for tests";
    private readonly WebApplication _app;

    private HookServer(WebApplication app) => _app = app;

    /// <summary>Answers by the hook's name; without one: 200.</summary>
    public ConcurrentDictionary<string, (int Status, string Body)> Answers { get; } = new();
    public ConcurrentQueue<(string Hook, JsonElement Body, byte[] Raw, Dictionary<string, string> Headers)> Calls { get; } = new();
    public string Url => _app.Urls.First();

    public static async Task<HookServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var server = new HookServer(app);
        app.MapPost("/{hook}", server.AnswerAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    public Dictionary<string, string?> Settings => new()
    {
        ["BlueGreen:Orchestrator:Hooks:Origins:0"] = Url,
        ["BlueGreen:Orchestrator:Hooks:Secrets:steps"] = Secret,
    };

    public Contracts.Hook Hook(string when, int attempts = 2) => new()
    {
        Name = when,
        When = when,
        Url = new Uri($"{Url}/{when}"),
        Timeout = TimeSpan.FromSeconds(5),
        Attempts = attempts,
        Interval = TimeSpan.FromMilliseconds(20),
        SecretRef = "steps",
    };

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task<IResult> AnswerAsync(string hook, HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        // The server takes its own back when the request is over.
        var headers = context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString());
        Calls.Enqueue((hook, JsonDocument.Parse(body.ToArray()).RootElement, body.ToArray(), headers));
        var (status, text) = Answers.GetValueOrDefault(hook, (200, ""));
        return Results.Text(text, "application/json", statusCode: status);
    }
}
