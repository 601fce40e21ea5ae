using BlueGreen.Platform.Hosting;
using BlueGreen.Router.Proxy;
using BlueGreen.Router.Routing;
using BlueGreen.Router.Switching;
using BlueGreen.Router.Tests.Support;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace BlueGreen.Router.Tests.Strict;

/// <summary>What a request does whose process stops for a while between two of its steps.</summary>
public sealed class LeaseTests
{
    private static readonly RouterOptions Router = new() { LeaseTtl = TimeSpan.FromSeconds(10) };

    /// <summary>
    /// The route is read, the process stops for longer than the lease while the others switch, goes on, and learns of that, with a new lease,
    /// before the request looks at the lease.
    /// </summary>
    [Fact]
    public async Task Lease_RenewedAfterTheRouteWasRead_SaysNothingOfThatRoute()
    {
        using var data = new TemporaryDirectory();
        await using var blue = await ModelServer.StartAsync("v1");
        await using var green = await ModelServer.StartAsync("v2");
        await using var router = await RouterHost.StartAsync(data);
        var clock = new StoppableClock();
        var table = new RoutingTable(new EnvironmentRegistry(clock));
        var file = new ReplicaFile(Options.Create(new PlatformOptions { DataDirectory = Path.Combine(data.Path, "other") }));
        var standing = new ReplicaStanding(file, table, Options.Create(Router), clock);
        var proxy = new InferenceProxy(table, standing, new DatabaseClock(clock), router.Get<RequestForwarder>(), Options.Create(Router), clock);
        Follow(table, standing, clock, 1, blue);

        clock.Stopped = () =>
        {
            clock.Advance(TimeSpan.FromMinutes(1));
            Follow(table, standing, clock, 2, green);
        };
        Assert.Equal(503, await AskAsync(proxy));
        Assert.Equal((0, 0), (blue.Served, green.Served));

        Assert.Equal(200, await AskAsync(proxy));
        Assert.Equal((0, 1), (blue.Served, green.Served));
    }

    [Fact]
    public async Task Lease_OverSinceTheRouteWasRead_IsOver()
    {
        using var data = new TemporaryDirectory();
        await using var blue = await ModelServer.StartAsync("v1");
        await using var router = await RouterHost.StartAsync(data);
        var clock = new StoppableClock();
        var table = new RoutingTable(new EnvironmentRegistry(clock));
        var file = new ReplicaFile(Options.Create(new PlatformOptions { DataDirectory = Path.Combine(data.Path, "other") }));
        var standing = new ReplicaStanding(file, table, Options.Create(Router), clock);
        var proxy = new InferenceProxy(table, standing, new DatabaseClock(clock), router.Get<RequestForwarder>(), Options.Create(Router), clock);
        Follow(table, standing, clock, 1, blue);
        Assert.Equal(200, await AskAsync(proxy));

        clock.Stopped = () => clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(503, await AskAsync(proxy));
        Assert.Equal(1, blue.Served);
    }

    /// <summary>Renews the lease and reads the route, in the order in which replicas do.</summary>
    private static void Follow(RoutingTable table, ReplicaStanding standing, StoppableClock clock, long epoch, ModelServer live)
    {
        var asked = clock.GetTimestamp();
        table.Apply([new RouteState
        {
            Endpoint = Commands.Endpoint,
            Path = "/" + Commands.Endpoint,
            Version = epoch,
            Epoch = epoch,
            Live = RouteTarget.Of(Commands.Switch(Guid.NewGuid(), epoch - 1, live)),
            Settings = RouteSettings.Of(Commands.Configure("/" + Commands.Endpoint, 1, cutover: "strict")),
        }]);
        standing.Renewed(clock.GetUtcNow(), asked);
    }

    private static async Task<int> AskAsync(InferenceProxy proxy)
    {
        var http = new DefaultHttpContext { Request = { Method = "GET", Protocol = "HTTP/1.1", Scheme = "http", Host = new HostString("localhost"), Path = "/fraud/x" } };
        http.Response.Body = new MemoryStream();
        await proxy.HandleAsync(new InferenceExchange { Http = http });
        return http.Response.StatusCode;
    }

    /// <summary>Stops the process, once, just before it looks at the time.</summary>
    private sealed class StoppableClock : FakeTimeProvider
    {
        public Action? Stopped { get; set; }

        public override long GetTimestamp()
        {
            var stopped = Stopped;
            Stopped = null;
            stopped?.Invoke();
            return base.GetTimestamp();
        }
    }
}
