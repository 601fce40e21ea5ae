using System.Net;
using BlueGreen.Contracts;
using BlueGreen.Platform.Persistence;
using BlueGreen.Router.Persistence;
using BlueGreen.Router.Switching;
using BlueGreen.Router.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace BlueGreen.Router.Tests.Strict;

public sealed class StrictCutoverTests
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Switch_HoldsRequestsUntilItIsMade_AndTheReceiptSaysForHowLong()
    {
        using var data = new TemporaryDirectory();
        await using var blue = await ModelServer.StartAsync("v1");
        await using var green = await ModelServer.StartAsync("v2");
        await using var router = await StartAsync(data);
        var epoch = (await router.SwitchAsync(Guid.NewGuid(), 0, blue)).Epoch;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var clients = Enumerable.Range(0, 4).Select(_ => Task.Run(() => AskUntilAsync(router, stop.Token), Token)).ToArray();

        for (var round = 0; round < 5; round++)
        {
            var made = await router.SwitchAsync(Guid.NewGuid(), epoch, round % 2 == 0 ? green : blue);
            Assert.True(made.Confirmed);
            Assert.NotNull(Assert.Single(made.Acknowledgements).HeldMilliseconds);
            epoch = made.Epoch;
        }

        await stop.CancelAsync();
        var answers = (await Task.WhenAll(clients)).SelectMany(list => list).ToArray();
        Assert.NotEmpty(answers);
        Assert.Null(StaleAnswers.Find(answers));
    }

    [Fact]
    public async Task SilentReplica_KeepsTheSwitchFromBeingMade_UntilItsLeaseIsOver()
    {
        using var data = new TemporaryDirectory();
        await using var blue = await ModelServer.StartAsync("v1");
        await using var green = await ModelServer.StartAsync("v2");
        await using var router = await StartAsync(data, ("BlueGreen:Router:LeaseTtl", "00:00:03"));
        var first = await router.SwitchAsync(Guid.NewGuid(), 0, blue);
        await router.Get<ReplicaRegistry>().RenewAsync("silent-replica", Token);
        var renewed = router.Get<DatabaseClock>().Now;

        var made = await router.SwitchAsync(Guid.NewGuid(), first.Epoch, green);

        Assert.True(made.SwitchedAt - renewed > TimeSpan.FromSeconds(2.5), $"{made.SwitchedAt - renewed}");
        Assert.True(made.Confirmed);
    }

    [Fact]
    public async Task SilentReplica_ForTheWholeDeadline_TheSwitchFailsNamingIt_AndCanNeverBeMade()
    {
        using var data = new TemporaryDirectory();
        await using var blue = await ModelServer.StartAsync("v1");
        await using var green = await ModelServer.StartAsync("v2");
        await using var router = await StartAsync(data, ("BlueGreen:Router:LeaseTtl", "00:00:30"), ("BlueGreen:Router:StrictDeadline", "00:00:01"));
        var first = await router.SwitchAsync(Guid.NewGuid(), 0, blue);
        await router.Get<ReplicaRegistry>().RenewAsync("silent-replica", Token);
        var command = Commands.Switch(Guid.NewGuid(), first.Epoch, green);

        await router.PublishAsync(command);
        var failed = await router.Spy.NextAsync<SwitchingFailed>(_ => true);
        Assert.Contains("silent-replica", failed.Reason, StringComparison.Ordinal);
        await router.PublishAsync(command with { Attempt = 2 });
        var again = await router.Spy.NextAsync<SwitchingFailed>(message => message.Attempt == 2);

        Assert.Contains("silent-replica", again.Reason, StringComparison.Ordinal);
        Assert.Empty(router.Spy.All<TrafficReverted>());
        using var served = await router.Inference.GetAsync("/fraud/x", Token);
        Assert.Equal("v1", served.Headers.GetValues("X-BlueGreen-Model-Version").Single());
    }

    [Fact]
    public async Task HoldWithoutACoordinator_IsEnded_BeforeItsRequestsFail()
    {
        using var data = new TemporaryDirectory();
        await using var blue = await ModelServer.StartAsync("v1");
        await using var router = await StartAsync(data, ("BlueGreen:Router:HoldLimit", "00:00:10"));
        await router.SwitchAsync(Guid.NewGuid(), 0, blue);

        await PrepareAsync(router, Guid.NewGuid());
        await Eventually.TrueAsync(() => router.Table.Current.Entries.Single().Hold is not null);
        using var answer = await router.Inference.GetAsync("/fraud/x", Token);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Null(router.Table.Current.Entries.Single().State.Preparing);
    }

    [Fact]
    public async Task Hold_WhoseEndIsNotHeardOf_Answers503_AndAVetoOfTheSwitchEndsIt()
    {
        using var data = new TemporaryDirectory();
        await using var blue = await ModelServer.StartAsync("v1");
        await using var router = await StartAsync(data, ("BlueGreen:Router:HoldLimit", "00:00:00.300"));
        await router.SwitchAsync(Guid.NewGuid(), 0, blue);
        var deployment = Guid.NewGuid();
        var entry = router.Table.Current.Entries.Single();
        // As if the database had gone right after it was read.
        await ExecuteAsync(router, "ALTER TABLE router_routes RENAME TO router_gone");
        router.Table.Apply([entry.State with { Version = 1000, Preparing = new(deployment, 1000) }]);

        using var held = await router.Inference.GetAsync("/fraud/x", Token);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, held.StatusCode);
        Assert.Equal(new Marks("1", entry.Live!.EnvironmentId.ToString(), "v1"), Marks.Of(held));
        using var reverted = await router.RevertAsync(deployment);
        Assert.Equal(HttpStatusCode.OK, reverted.StatusCode);
        using var served = await router.Inference.GetAsync("/fraud/x", Token);
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
        Assert.Equal("1+revert", served.Headers.GetValues("X-BlueGreen-Epoch").Single());
    }

    [Fact]
    public async Task Fence_StopsWhenTheLeaseIsOver_AndGoesOnWithTheDatabase()
    {
        using var data = new TemporaryDirectory();
        await using var blue = await ModelServer.StartAsync("v1");
        await using var router = await StartAsync(data, ("BlueGreen:Router:LeaseTtl", "00:00:01"));
        await router.SwitchAsync(Guid.NewGuid(), 0, blue);

        await ExecuteAsync(router, "ALTER TABLE router_replicas RENAME TO router_gone");
        await UntilAsync(router, HttpStatusCode.ServiceUnavailable);
        await ExecuteAsync(router, "ALTER TABLE router_gone RENAME TO router_replicas");
        await UntilAsync(router, HttpStatusCode.OK);
    }

    private static async Task UntilAsync(RouterHost router, HttpStatusCode expected)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        while (true)
        {
            using var answer = await router.Inference.GetAsync("/fraud/x", limit.Token);
            Assert.Equal(("1", "v1"), (Marks.Of(answer).Epoch, Marks.Of(answer).Version));
            if (answer.StatusCode == expected) return;
        }
    }

    private static async Task<RouterHost> StartAsync(TemporaryDirectory data, params (string, string)[] settings)
    {
        var router = await RouterHost.StartAsync(data, [
            ("BlueGreen:Router:PrepareLimit", "00:00:01"), ("BlueGreen:Router:HoldLimit", "00:00:05"), .. settings]);
        await router.ConfigureAsync(new TrafficPolicy(), "strict");
        return router;
    }

    private static Task<bool> PrepareAsync(RouterHost router, Guid deployment) => router.Get<IServiceStore<RouterDbContext>>().WriteAsync(
        async (work, token) =>
        {
            (await work.Db.Routes.SingleAsync(token)).Prepare(deployment);
            return true;
        }, Token);

    private static Task<int> ExecuteAsync(RouterHost router, string sql) => router.Get<IServiceStore<RouterDbContext>>().WriteAsync(
        (work, token) => work.Db.Database.ExecuteSqlRawAsync(sql, token), Token);

    private static async Task<List<TimedAnswer>> AskUntilAsync(RouterHost router, CancellationToken stop)
    {
        var answers = new List<TimedAnswer>();
        while (!stop.IsCancellationRequested)
        {
            var sent = TimeProvider.System.GetTimestamp();
            using var answer = await router.Inference.GetAsync("/fraud/x", Token);
            answer.EnsureSuccessStatusCode();
            answers.Add(TimedAnswer.Of(answer, sent, TimeProvider.System.GetTimestamp()));
        }

        return answers;
    }
}
