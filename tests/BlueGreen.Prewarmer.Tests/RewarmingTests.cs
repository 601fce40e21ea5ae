using BlueGreen.Contracts;
using BlueGreen.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Prewarmer.Tests;

public sealed class RewarmingTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Replica_StartedAgain_IsKeptFromRequestsAndWarmedAndLetBack()
    {
        await using var router = await Router.StartAsync();
        await using var first = await ModelServer.WithLatencyAsync(_ => 0);
        await using var second = await ModelServer.WithLatencyAsync(_ => 0);
        await using var host = await StartAsync(router);
        var command = await WarmAsync(host, first, second);
        var (untouched, before) = (first.Requests, second.Requests);
        router.Seen = () => second.Requests;

        await host.PublishAsync(Restarted(command, 1));
        await router.HearsAsync(3);

        var path = $"/routes/fraud/cold/{command.Fleet.EnvironmentId}/1";
        Assert.Equal([("PUT", path), ("PUT", path), ("DELETE", path)], router.Told.Select(told => (told.Method, told.Path)));
        Assert.Equal(before, router.Told[0].Requests);
        Assert.InRange(router.Told[2].Requests - before, 20, 400);
        Assert.Equal(untouched, first.Requests);
    }

    /// <summary>A prewarmer that does not get there keeps no capacity out for ever.</summary>
    [Fact]
    public async Task Replica_ThatNeverBecomesReady_IsLetBackAtTheLimit()
    {
        await using var router = await Router.StartAsync();
        await using var server = await ModelServer.WithLatencyAsync(_ => 0);
        await using var host = await StartAsync(router);
        var command = await WarmAsync(host, server);
        server.Ready = false;
        var before = server.Requests;

        await host.PublishAsync(Restarted(command, 0));
        await router.HearsAsync(2);

        Assert.Equal(["PUT", "DELETE"], router.Told.Select(told => told.Method));
        Assert.Equal(before, server.Requests);
    }

    [Fact]
    public async Task Replica_OfAnEnvironmentThatIsGone_IsNobodysConcern()
    {
        await using var router = await Router.StartAsync();
        await using var server = await ModelServer.WithLatencyAsync(_ => 0);
        await using var host = await StartAsync(router);
        var command = await WarmAsync(host, server);
        await host.PublishAsync(new EnvironmentDecommissioned
        {
            DeploymentId = command.DeploymentId,
            Attempt = 1,
            EnvironmentId = command.Fleet.EnvironmentId,
        });
        var other = await WarmAsync(host, server);

        await host.PublishAsync(Restarted(command, 0));
        await host.PublishAsync(Restarted(other, 0));
        await router.HearsAsync(3);

        Assert.All(router.Told, told => Assert.Contains($"{other.Fleet.EnvironmentId}", told.Path, StringComparison.Ordinal));
    }

    private static ReplicaRestarted Restarted(WarmEnvironment command, int index) => new()
    {
        DeploymentId = command.DeploymentId,
        Endpoint = command.Endpoint,
        EnvironmentId = command.Fleet.EnvironmentId,
        Index = index,
        Restarts = 1,
        At = DateTimeOffset.UnixEpoch,
    };

    private static async Task<WarmEnvironment> WarmAsync(ServiceHost host, params ModelServer[] servers)
    {
        var command = Warmers.Command(ModelServer.Fleet(servers), Warmers.Policy(max: 400));
        await host.PublishAsync(command);
        Assert.IsType<EnvironmentWarmed>(await host.HearAsync());
        return command;
    }

    private static Task<ServiceHost> StartAsync(Router router) => ServiceHost.StartAsync<EnvironmentWarmed, WarmingFailed>(new PrewarmerService(), new()
    {
        ["BlueGreen:Services:RouterUrls:0"] = router.Address,
        ["BlueGreen:Services:EnvManagerUrl"] = "http://127.0.0.1:9/",
        ["BlueGreen:Prewarmer:Rewarming:Limit"] = "00:00:01.500",
    });

    /// <summary>Writes down what it is told.</summary>
    private sealed class Router(WebApplication app) : IAsyncDisposable
    {
        private readonly List<(string Method, string Path, int Requests)> _told = [];

        public Func<int> Seen { get; set; } = () => 0;

        public string Address => app.Urls.First() + "/";

        public IReadOnlyList<(string Method, string Path, int Requests)> Told
        {
            get
            {
                lock (_told) return [.. _told];
            }
        }

        public static async Task<Router> StartAsync()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            var app = builder.Build();
            var router = new Router(app);
            app.Run(context =>
            {
                if (context.Request.Method is "PUT" or "DELETE")
                    lock (router._told) router._told.Add((context.Request.Method, context.Request.Path.Value!, router.Seen()));
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                return Task.CompletedTask;
            });
            await app.StartAsync();
            return router;
        }

        public async Task HearsAsync(int times)
        {
            while (Told.Count < times) await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Token);
        }

        public ValueTask DisposeAsync() => app.DisposeAsync();
    }
}
