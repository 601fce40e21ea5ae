using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Rollback.Tests.Fixture;

/// <summary>A router replica's control surface as services see it, on Kestrel: one endpoint, <c>fraud</c>.</summary>
internal sealed class FakeRouter : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<JsonElement> _reverts = new();
    private int _flips;
    private int _refusals;
    private int _asked;

    private FakeRouter(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.First());
    public Guid Blue { get; } = Guid.NewGuid();
    public Guid Green { get; set; } = Guid.NewGuid();
    public Guid BlueEnvironment { get; } = Guid.NewGuid();
    public Guid? Live { get; set; }
    public bool IsRevertible { get; set; } = true;

    public Guid GreenEnvironment { get; } = Guid.NewGuid();
    public DateTimeOffset? SwitchedAt { get; set; }

    /// <summary>The next reverts are answered with 409 and this.</summary>
    public string? Refusal { get; set; }

    /// <summary>The next reverts are answered with 503 and this.</summary>
    public string? Inability { get; set; }

    /// <summary>Every request is answered with 500.</summary>
    public bool IsBroken { get; set; }

    /// <summary>Reverts are made at once and answered after this.</summary>
    public Task Answering { get; set; } = Task.CompletedTask;

    /// <summary>Questions for the route.</summary>
    public int Asked => _asked;

    public IReadOnlyList<JsonElement> Reverts => [.. _reverts];
    public int Flips => _flips;

    /// <summary>Answers given while it was broken.</summary>
    public int Refusals => _refusals;

    public static async Task<FakeRouter> StartAsync(int port = 0)
    {
        var builder = WebApplication.CreateSlimBuilder(["--urls", $"http://127.0.0.1:{port}"]);
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var router = new FakeRouter(app);
        router.Live = router.Green;
        app.MapGet("/routes", () => Results.Json(new[] { router.Describe() }));
        app.MapGet("/routes/{endpoint}", router.Get);
        app.MapPost("/routes/{endpoint}/revert", router.RevertAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return router;
    }

    /// <summary>The next deployment goes live and bakes.</summary>
    public void SwitchTo(Guid deployment)
    {
        Green = deployment;
        Live = deployment;
        IsRevertible = true;
    }

    private IResult Get(string endpoint)
    {
        Interlocked.Increment(ref _asked);
        return IsBroken ? Broken() : endpoint == "fraud" ? Results.Json(Describe()) : Results.Problem("no such route", statusCode: 404);
    }

    private object Describe() => new
    {
        endpoint = "fraud",
        path = "/fraud",
        epoch = "7",
        live = new { environmentId = Live == Blue ? BlueEnvironment : GreenEnvironment, deploymentId = Live, model = "fraud", version = "v7" },
        standby = new { environmentId = Live == Blue ? GreenEnvironment : BlueEnvironment, deploymentId = Blue, model = "fraud", version = "v6" },
        switchedAt = SwitchedAt,
        revertible = IsRevertible,
        vetoed = Array.Empty<Guid>(),
    };

    private async Task<IResult> RevertAsync(string endpoint, JsonElement body)
    {
        if (IsBroken) return Broken();
        if (!IsAcceptable(body)) return Results.Problem("not what a router takes", statusCode: 422);
        if (endpoint != "fraud") return Results.Problem("no such route", statusCode: 404);
        _reverts.Enqueue(body);
        if (Refusal is not null) return Results.Problem(Refusal, statusCode: 409);
        if (Inability is not null) return Results.Problem(Inability, statusCode: 503);
        var already = Live == Blue;
        if (!already) Interlocked.Increment(ref _flips);
        Live = Blue;
        IsRevertible = false;
        await Answering;
        return Results.Json(new { endpoint, alreadyReverted = already, moved = !already, liveEnvironmentId = BlueEnvironment, epoch = "7+revert" });
    }

    private IResult Broken()
    {
        Interlocked.Increment(ref _refusals);
        return Results.StatusCode(500);
    }

    private static bool IsAcceptable(JsonElement body) =>
        body.GetProperty("deploymentId").GetGuid() != Guid.Empty
        && body.GetProperty("reason").GetString() is { Length: > 0 and <= 1024 }
        && body.GetProperty("requestedBy").GetString() is { Length: > 0 and <= 256 };

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }
}
