using System.Text.Json.Nodes;

namespace BlueGreen.Router.Drivers.Tests.Fixture;

/// <summary>What a load balancer of one's own may look like: it keeps one JSON object.</summary>
internal sealed class RouteServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Lock _gate = new();
    private JsonObject? _route;
    private int _version;
    private int _reads;
    private int _writes;

    private RouteServer(WebApplication app)
    {
        _app = app;
        app.MapGet("/route", Get);
        app.MapPut("/route", (Delegate)PutAsync);
    }

    public bool ForgetsMarks { get; set; }

    /// <summary>Called with every route that is put, before it is kept.</summary>
    public Func<JsonObject, Task>? BeforeKeeping { get; set; }

    /// <summary>Called when it was kept, before that is answered.</summary>
    public Func<JsonObject, Task>? BeforeAnswering { get; set; }

    public Uri Address => new(_app.Urls.First() + "/");
    public string? Backend => (string?)Route?["active_backend"];
    public int Reads => Volatile.Read(ref _reads);
    public int Writes => Volatile.Read(ref _writes);

    public JsonObject? Route
    {
        get
        {
            lock (_gate) return _route;
        }
    }

    public static async Task<RouteServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder(["--urls", "http://127.0.0.1:0"]);
        builder.Logging.ClearProviders();
        var server = new RouteServer(builder.Build());
        await server._app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    /// <summary>By hand: our mark stays where it was.</summary>
    public void Replace(string backend) => Change(route => route["active_backend"] = backend);

    /// <summary>By another replica.</summary>
    public void ReplaceMark(string mark) => Change(route => route["mark"] = mark);

    /// <summary>By a tool that knows nothing of us.</summary>
    public void Regenerate(string backend) => Change(route =>
    {
        route.Clear();
        route["active_backend"] = backend;
    });

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private void Change(Action<JsonObject> change)
    {
        lock (_gate)
        {
            var next = (JsonObject)_route!.DeepClone();
            change(next);
            (_route, _version) = (next, _version + 1);
        }
    }

    private IResult Get(HttpContext context)
    {
        Interlocked.Increment(ref _reads);
        lock (_gate)
        {
            if (_route is null) return Results.NotFound();
            context.Response.Headers.ETag = $"\"{_version}\"";
            return Results.Text(_route.ToJsonString(), "application/json");
        }
    }

    private async Task<IResult> PutAsync(HttpContext context)
    {
        if (context.Request.Headers.Authorization != "Bearer secret") return Results.Unauthorized();
        var body = (JsonObject)(await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted))!;
        if (BeforeKeeping is { } before)
        {
            await before(body);
            context.RequestAborted.ThrowIfCancellationRequested();
        }

        lock (_gate)
        {
            if (context.Request.Headers.IfMatch is { Count: > 0 } expected && expected != $"\"{_version}\"") return Results.StatusCode(412);
            if (ForgetsMarks) body.Remove("mark");
            (_route, _version) = (body, _version + 1);
        }

        Interlocked.Increment(ref _writes);
        if (BeforeAnswering is { } after) await after(body);
        return Results.NoContent();
    }
}
