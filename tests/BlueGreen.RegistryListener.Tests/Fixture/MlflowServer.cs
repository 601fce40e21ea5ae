using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace BlueGreen.RegistryListener.Tests.Fixture;

/// <summary>The few calls of MLflow's REST API that are used, refusing whatever MLflow would refuse.</summary>
internal sealed class MlflowServer : IAsyncDisposable
{
    public const string Token = "an-mlflow-token";
    private readonly WebApplication _app;

    private MlflowServer(WebApplication app) => _app = app;

    public string Url => _app.Urls.First();
    public ConcurrentDictionary<string, ConcurrentDictionary<string, string>> Aliases { get; } = new();
    /// <summary>How often each model was asked about.</summary>
    public ConcurrentDictionary<string, int> Asked { get; } = new();
    public ConcurrentDictionary<string, string> Tags { get; } = new();
    public ConcurrentQueue<JsonElement> Outcomes { get; } = new();

    /// <summary>Answers that are 503 before the next is real.</summary>
    public int Outage;

    public static async Task<MlflowServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var server = new MlflowServer(app);
        app.Use(server.GuardAsync);
        app.MapGet("/api/2.0/mlflow/registered-models/get", (string name) =>
        {
            server.Asked.AddOrUpdate(name, 1, (_, asked) => asked + 1);
            return server.Aliases.TryGetValue(name, out var aliases)
                ? Results.Json(new { registered_model = new { name, aliases = aliases.Select(pair => new { alias = pair.Key, version = pair.Value }) } })
                : Missing();
        });
        app.MapPost("/api/2.0/mlflow/model-versions/set-tag", (JsonElement body) => Change(body, ["name", "version", "key", "value"], () =>
            server.Tags[$"{Text(body, "name")}/{Text(body, "version")}/{Text(body, "key")}"] = Text(body, "value")));
        app.MapPost("/api/2.0/mlflow/registered-models/alias", (JsonElement body) => Change(body, ["name", "alias", "version"], () =>
            server.Aliases.GetOrAdd(Text(body, "name"), _ => new())[Text(body, "alias")] = Text(body, "version")));
        app.MapPost("/outcomes", (JsonElement body) =>
        {
            server.Outcomes.Enqueue(body.Clone());
            return Results.NoContent();
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task GuardAsync(HttpContext context, RequestDelegate next)
    {
        if (Interlocked.Decrement(ref Outage) >= 0) context.Response.StatusCode = 503;
        else if (context.Request.Path != "/outcomes" && context.Request.Headers.Authorization != $"Bearer {Token}") context.Response.StatusCode = 401;
        else await next(context);
    }

    private static IResult Change(JsonElement body, string[] fields, Action change)
    {
        if (body.EnumerateObject().Any(member => !fields.Contains(member.Name) || member.Value.ValueKind != JsonValueKind.String) || fields.Any(field => !body.TryGetProperty(field, out _)))
            return Results.Json(new { error_code = "INVALID_PARAMETER_VALUE" }, statusCode: 400);
        change();
        return Results.Json(new { });
    }

    private static IResult Missing() => Results.Json(new { error_code = "RESOURCE_DOES_NOT_EXIST" }, statusCode: 404);

    private static string Text(JsonElement body, string name) => body.GetProperty(name).GetString()!;
}
