using System.Net;
using System.Text.Json.Nodes;
using BlueGreen.Contracts;
using BlueGreen.Router.Drivers.Tests.Fixture;

namespace BlueGreen.Router.Drivers.Tests;

/// <summary>Against a server that keeps one JSON object.</summary>
public sealed class HttpRouteTests
{
    [Fact]
    public async Task Switching_PutsTheBackend_AndReadsItBack()
    {
        await using var target = await RouteServer.StartAsync();
        await using var scene = await StartAsync(target);

        await scene.SwitchAsync(Guid.NewGuid(), 0, scene.Blue);
        Assert.Equal("fraud-blue", target.Backend);
        await scene.SwitchAsync(Guid.NewGuid(), 1, scene.Green);

        Assert.Equal("fraud-green", target.Backend);
        Assert.Equal(2, (int?)target.Route?["epoch"]);
    }

    [Fact]
    public async Task Drifting_SomebodyElsePutsAnotherBackend_IsSeenAndNotWrittenOver()
    {
        await using var target = await RouteServer.StartAsync();
        await using var scene = await StartAsync(target);
        await scene.SwitchAsync(Guid.NewGuid(), 0, scene.Blue);

        target.Replace("by-hand");
        await scene.StandsAsync("Drifted");

        await scene.Router.Spy.NextAsync<AttentionRequired>(message => message.Reason.Contains("by-hand", StringComparison.Ordinal));
        Assert.Equal("by-hand", target.Backend);
        Assert.Equal(HttpStatusCode.OK, await scene.ApplyAgainAsync());
        Assert.Equal("fraud-blue", target.Backend);
    }

    [Fact]
    public async Task Switching_TheTargetDoesNotKeepTheMark_IsNotConfirmed()
    {
        await using var target = await RouteServer.StartAsync();
        target.ForgetsMarks = true;
        await using var scene = await StartAsync(target, ("BlueGreen:Router:DriverDeadline", "00:00:01"));

        var receipt = await scene.Router.SwitchAsync(Guid.NewGuid(), 0, scene.Blue);

        Assert.False(receipt.Confirmed);
        Assert.Contains(receipt.Acknowledgements, entry => entry.Problem?.Contains("does not give back its 'mark'", StringComparison.Ordinal) == true);
    }

    private static Task<DrivenRouter> StartAsync(RouteServer target, params (string Key, string Value)[] settings) => DrivenRouter.StartAsync(
        new TrafficDriver { Kind = "http", Settings = new Dictionary<string, string> { ["backend"] = "{model}-{version}" } },
        settings,
        ("address", new Uri(target.Address, "route").ToString()), ("token", "secret"));

    /// <summary>What a load balancer of one's own may look like.</summary>
    private sealed class RouteServer : IAsyncDisposable
    {
        private readonly WebApplication _app;
        private readonly Lock _gate = new();
        private JsonObject? _route;
        private int _version;

        private RouteServer(WebApplication app)
        {
            _app = app;
            app.MapGet("/route", Get);
            app.MapPut("/route", (Delegate)PutAsync);
        }

        public bool ForgetsMarks { get; set; }
        public Uri Address => new(_app.Urls.First() + "/");
        public string? Backend => (string?)Route?["active_backend"];

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

        public void Replace(string backend)
        {
            lock (_gate)
            {
                var next = (JsonObject)_route!.DeepClone();
                next["active_backend"] = backend;
                (_route, _version) = (next, _version + 1);
            }
        }

        public ValueTask DisposeAsync() => _app.DisposeAsync();

        private IResult Get(HttpContext context)
        {
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
            lock (_gate)
            {
                if (context.Request.Headers.IfMatch is { Count: > 0 } expected && expected != $"\"{_version}\"") return Results.StatusCode(412);
                if (ForgetsMarks) body.Remove("mark");
                (_route, _version) = (body, _version + 1);
                return Results.NoContent();
            }
        }
    }
}
