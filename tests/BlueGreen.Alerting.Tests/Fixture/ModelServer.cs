using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Alerting.Tests.Fixture;

/// <summary>A model server on Kestrel that can be made to fail.</summary>
internal sealed class ModelServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ModelServer(WebApplication app)
    {
        _app = app;
        app.MapGet("/v2/health/ready", () => Results.Ok());
        app.Map("{**path}", () => IsFailing ? Results.StatusCode(500) : Results.Json(new { outputs = Array.Empty<object>() }));
    }

    public bool IsFailing { get; set; }
    public Uri Address => new(_app.Urls.First() + "/");

    public static async Task<ModelServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder(["--urls", "http://127.0.0.1:0"]);
        builder.Logging.ClearProviders();
        var server = new ModelServer(builder.Build());
        await server._app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
