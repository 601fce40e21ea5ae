using System.Net;
using BlueGreen.Contracts;
using BlueGreen.Platform.Persistence;
using BlueGreen.Router.Persistence;
using BlueGreen.Router.Routing;
using BlueGreen.Router.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace BlueGreen.Router.Tests.DataPlane;

public sealed class PreviewTests
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Preview_IsGreenOr503_AndNeverLive()
    {
        using var data = new TemporaryDirectory();
        await using var blue = await ModelServer.StartAsync("v1");
        await using var green = await ModelServer.StartAsync("v2");
        string? leaked = null;
        green.Answer = context =>
        {
            leaked = context.Request.Headers["X-BlueGreen-Preview"];
            return Task.CompletedTask;
        };
        await using var router = await RouterHost.StartAsync(data);
        var first = await router.SwitchAsync(Guid.NewGuid(), 0, blue);
        var next = Commands.Switch(Guid.NewGuid(), first.Epoch, green);

        await AssertAsync(router, HttpStatusCode.ServiceUnavailable);
        await router.PublishAsync(Commands.Validate(next.DeploymentId, next.Fleet));
        await Eventually.TrueAsync(() => router.Table.Current.Entries.Single().PreviewLeg is not null);
        using (var preview = await AskAsync(router, RouterHost.Preview))
        {
            Assert.Equal("v2", preview.Headers.GetValues("X-BlueGreen-Model-Version").Single());
            Assert.Equal("1+preview", preview.Headers.GetValues("X-BlueGreen-Epoch").Single());
            Assert.Null(leaked);
        }

        using (var wrong = await AskAsync(router, "not the token of anybody")) Assert.Equal(HttpStatusCode.Forbidden, wrong.StatusCode);
        using (var live = await router.Inference.GetAsync("/fraud/x", Token)) Assert.Equal("v1", live.Headers.GetValues("X-BlueGreen-Model-Version").Single());

        await router.PublishAsync(next);
        await router.Spy.NextAsync<TrafficSwitched>(message => message.DeploymentId == next.DeploymentId);
        await AssertAsync(router, HttpStatusCode.ServiceUnavailable);
        Assert.Equal(1, blue.Served);
    }

    [Fact]
    public async Task Preview_IsOverWhenGreenIsTornDown()
    {
        using var data = new TemporaryDirectory();
        await using var blue = await ModelServer.StartAsync("v1");
        await using var green = await ModelServer.StartAsync("v2");
        await using var router = await RouterHost.StartAsync(data);
        var first = await router.SwitchAsync(Guid.NewGuid(), 0, blue);
        var next = Commands.Switch(Guid.NewGuid(), first.Epoch, green);
        await router.PublishAsync(Commands.Validate(next.DeploymentId, next.Fleet));
        await Eventually.TrueAsync(() => router.Table.Current.Entries.Single().PreviewLeg is not null);

        await router.PublishAsync(new DecommissionEnvironment
        {
            DeploymentId = next.DeploymentId,
            Attempt = 1,
            EnvironmentId = next.Fleet.EnvironmentId,
            Reason = "refused",
        });

        await Eventually.TrueAsync(() => router.Table.Current.Entries.Single().PreviewLeg is null);
        await AssertAsync(router, HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task Preview_OfAReplicaThatIsCutOff_Is503_WhileItServesLast()
    {
        using var data = new TemporaryDirectory();
        await using var blue = await ModelServer.StartAsync("v1");
        await using var green = await ModelServer.StartAsync("v2");
        await using var router = await RouterHost.StartAsync(data, ("BlueGreen:Router:LeaseTtl", "00:00:01"));
        await OfferAsync(router, blue, green);

        await ExecuteAsync(router, "ALTER TABLE router_replicas RENAME TO router_gone");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        while (true)
        {
            using var answer = await AskAsync(router, RouterHost.Preview);
            if (answer.StatusCode == HttpStatusCode.ServiceUnavailable) break;
            limit.Token.ThrowIfCancellationRequested();
        }

        using var live = await router.Inference.GetAsync("/fraud/x", Token);
        Assert.Equal("v1", live.Headers.GetValues("X-BlueGreen-Model-Version").Single());
    }

    [Fact]
    public async Task Preview_WhileASwitchIsHeldFor_Is503()
    {
        using var data = new TemporaryDirectory();
        await using var blue = await ModelServer.StartAsync("v1");
        await using var green = await ModelServer.StartAsync("v2");
        await using var router = await RouterHost.StartAsync(data);
        var entry = await OfferAsync(router, blue, green);

        // As if the database had gone right after it was read.
        await ExecuteAsync(router, "ALTER TABLE router_routes RENAME TO router_gone");
        router.Table.Apply([entry.State with { Version = 1000, Preparing = new(entry.State.Candidate!.DeploymentId, 1000) }]);

        await AssertAsync(router, HttpStatusCode.ServiceUnavailable);
    }

    /// <summary>Blue is live, green can be looked at.</summary>
    private static async Task<RouteEntry> OfferAsync(RouterHost router, ModelServer blue, ModelServer green)
    {
        var first = await router.SwitchAsync(Guid.NewGuid(), 0, blue);
        var next = Commands.Switch(Guid.NewGuid(), first.Epoch, green);
        await router.PublishAsync(Commands.Validate(next.DeploymentId, next.Fleet));
        await Eventually.TrueAsync(() => router.Table.Current.Entries.Single().PreviewLeg is not null);
        using var preview = await AskAsync(router, RouterHost.Preview);
        Assert.Equal(HttpStatusCode.OK, preview.StatusCode);
        return router.Table.Current.Entries.Single();
    }

    private static Task<int> ExecuteAsync(RouterHost router, string sql) => router.Get<IServiceStore<RouterDbContext>>().WriteAsync(
        (work, token) => work.Db.Database.ExecuteSqlRawAsync(sql, token), Token);

    private static async Task AssertAsync(RouterHost router, HttpStatusCode expected)
    {
        using var answer = await AskAsync(router, RouterHost.Preview);
        Assert.Equal(expected, answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter);
    }

    private static async Task<HttpResponseMessage> AskAsync(RouterHost router, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/fraud/x");
        request.Headers.Add("X-BlueGreen-Preview", token);
        return await router.Inference.SendAsync(request, Token);
    }
}
