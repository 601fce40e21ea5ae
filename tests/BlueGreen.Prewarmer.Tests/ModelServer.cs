using System.Text.Json;
using BlueGreen.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Tests;

/// <summary>A model server on Kestrel that speaks Open Inference Protocol v2 and answers as the test says.</summary>
internal sealed class ModelServer : IAsyncDisposable
{
    public const string Model = "fraud";

    private readonly WebApplication _app;
    private int _requests;

    private ModelServer(Func<ModelRequest, Task<IResult>> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.MapGet("/v2/health/live", () => Results.Ok());
        _app.MapGet("/v2/health/ready", () => Results.StatusCode(Ready ? 200 : 503));
        _app.MapGet($"/v2/models/{Model}/ready", () => Results.StatusCode(ModelReady ? 200 : 404));
        _app.MapGet($"/v2/models/{Model}", () => Results.Text(Metadata, "application/json"));
        _app.MapPost($"/v2/models/{Model}/infer", async (HttpRequest request) =>
        {
            var body = (await JsonDocument.ParseAsync(request.Body)).RootElement;
            Bodies?.Add(body.GetRawText());
            return await answer(new(Interlocked.Increment(ref _requests), body, request.HttpContext.Abort));
        });
    }

    public bool Ready { get; set; } = true;
    public bool ModelReady { get; set; } = true;
    public string Metadata { get; set; } = """{"name":"fraud","inputs":[{"name":"x","datatype":"FP32","shape":[-1,1]}]}""";
    public int Requests => _requests;

    /// <summary>Set it to keep the requests' bodies.</summary>
    public System.Collections.Concurrent.ConcurrentBag<string>? Bodies { get; set; }

    public Uri Address => new(_app.Urls.First() + "/");

    /// <summary>Starts a server whose every answer is the function's.</summary>
    public static async Task<ModelServer> StartAsync(Func<ModelRequest, Task<IResult>> answer)
    {
        var server = new ModelServer(answer);
        await server._app.StartAsync();
        return server;
    }

    /// <summary>Starts a server that waits as the curve says (milliseconds by request number), then answers 0.5 for every row.</summary>
    public static Task<ModelServer> WithLatencyAsync(Func<int, double> milliseconds) => StartAsync(async request =>
    {
        await Task.Delay(TimeSpan.FromMilliseconds(milliseconds(request.Number)), TimeProvider.System);
        return Scores([.. Enumerable.Repeat(0.5, request.Rows)]);
    });

    public static IResult Scores(params double[] scores) => Json(JsonSerializer.Serialize(scores));

    /// <summary>An answer with this text as its data.</summary>
    public static IResult Json(string data) => Results.Text(
        $$"""{"model_name":"fraud","outputs":[{"name":"score","datatype":"FP64","shape":[1],"data":{{data}}}]}""", "application/json");

    public static Fleet Fleet(params ModelServer[] servers) => new()
    {
        EnvironmentId = Guid.NewGuid(),
        Model = Model,
        Version = "1",
        Protocol = "open-inference-v2",
        Replicas = [.. servers.Select((server, index) => new Replica { Index = index, Address = server.Address })],
    };

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}

/// <summary>One infer request.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Body">The request.</param>
/// <param name="Abort">Breaks the connection off.</param>
internal sealed record ModelRequest(int Number, JsonElement Body, Action Abort)
{
    public int Rows => Body.GetProperty("inputs")[0].GetProperty("shape")[0].GetInt32();

    /// <summary>The first input's first value.</summary>
    public double Value => Body.GetProperty("inputs")[0].GetProperty("data")[0].GetDouble();
}
