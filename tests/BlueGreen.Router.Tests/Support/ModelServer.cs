using System.Globalization;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace BlueGreen.Router.Tests.Support;

/// <summary>A server on Kestrel that says which version it is; its answers and readiness can be set.</summary>
internal sealed class ModelServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _served;

    private ModelServer(WebApplication app, string version)
    {
        (_app, Version) = (app, version);
        app.MapGet("/v2/health/ready", async () =>
        {
            await Busy;
            return IsReady ? Results.Ok() : Results.StatusCode(503);
        });
        app.Map("{**path}", AnswerAsync);
    }

    public string Version { get; }
    public bool IsReady { get; set; } = true;

    /// <summary>Readiness is answered only after this.</summary>
    public Task Busy { get; set; } = Task.CompletedTask;

    /// <summary>Replaces the answer.</summary>
    public Func<HttpContext, Task>? Answer { get; set; }
    public int Served => Volatile.Read(ref _served);
    public Uri Address { get; private set; } = null!;

    /// <param name="version">What it says it is.</param>
    /// <param name="isGrpc">Whether it speaks HTTP/2, which without TLS is all that it speaks then.</param>
    public static async Task<ModelServer> StartAsync(string version, bool isGrpc = false)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(
            endpoint => endpoint.Protocols = isGrpc ? HttpProtocols.Http2 : HttpProtocols.Http1));
        if (isGrpc) builder.Services.AddGrpc();
        var app = builder.Build();
        app.UseWebSockets();
        if (isGrpc) app.MapGrpcService<EchoService>();
        var server = new ModelServer(app, version);
        await server._app.StartAsync();
        var bound = server._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        server.Address = new Uri(bound + "/");
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        Interlocked.Increment(ref _served);
        if (Answer is { } answer)
        {
            await answer(context);
            return;
        }

        await context.Response.WriteAsJsonAsync(new
        {
            model_version = Version,
            path = context.Request.Path.Value + context.Request.QueryString,
            body = (await context.Request.Body.CopyAsync()).ToString(CultureInfo.InvariantCulture),
        });
    }
}
