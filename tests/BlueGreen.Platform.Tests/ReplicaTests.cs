using BlueGreen.Platform.Faults;
using BlueGreen.Platform.Tests.Fixture;
using BlueGreen.Platform.Work;
using Microsoft.EntityFrameworkCore;

namespace BlueGreen.Platform.Tests;

public sealed class ReplicaTests(Servers servers)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TwoReplicas_OneDatabaseAndBroker_ShareTheWorkAndDoNothingTwice()
    {
        const int each = 100;
        var settings = await servers.SettingsAsync();
        var script = new Script();
        await using var first = await new SampleHost { Script = script }.StartAsync(settings);
        await using var second = await new SampleHost { Script = script }.StartAsync(settings);
        await Task.WhenAll(Enumerable.Range(0, each).SelectMany(i => new[]
        {
            first.PublishAsync(new Greeting($"first {i}")),
            second.PublishAsync(new Greeting($"second {i}")),
            first.PublishAsync(new Dig($"shaft {i}", 1)),
        }));

        await SampleHost.UntilAsync(async () => await first.CountAsync("greeted") >= 2 * each && await first.CountAsync("dug-1") >= each, seconds: 90);
        Assert.Equal(2 * each, await first.CountAsync("greeted"));
        Assert.Equal(each, await first.CountAsync("dug-1"));
        Assert.All(Enumerable.Range(0, each), i => Assert.Equal(1, script.Calls[$"dig-shaft {i}-1"]));
    }

    [Fact]
    public async Task Lease_OfAReplicaThatFellSilent_IsTakenOverWithoutCountingAsAFailure()
    {
        await using var host = await new SampleHost().StartAsync(await servers.SettingsAsync());
        var now = TimeProvider.System.GetUtcNow();
        await host.Store.WriteAsync((transaction, _) =>
        {
            transaction.Db.WorkItems.Add(new WorkItem
            {
                Kind = WorkKind.Of<Dig>(),
                Subject = "well",
                Fence = 1,
                State = WorkState.Running,
                Command = """{"place":"well","depth":1}""",
                RequestedAt = now,
                DueAt = now,
                Tries = 1,
                LeaseId = Guid.NewGuid(),
                LeaseOwner = "a dead process",
                LeaseUntil = now - TimeSpan.FromSeconds(1),
            });
            return Task.FromResult(true);
        }, Cancelled);
        await SampleHost.UntilAsync(async () => await host.CountAsync("dug-1") == 1);
        Assert.Equal(1, (await host.FindWorkAsync("well")).Tries);
    }

    [Fact]
    public async Task Transaction_OfAReplicaThatIsStoppedInIt_LosesItsLocksAndIsAnOutageToItself()
    {
        var settings = await servers.SettingsAsync();
        settings["BlueGreen:Database:TransactionIdleLimit"] = "00:00:01";
        await using var first = await new SampleHost().StartAsync(settings);
        await using var second = await new SampleHost().StartAsync(settings);
        await first.PublishAsync(new Dig("well", 1));
        await SampleHost.UntilAsync(async () => await first.CountAsync("dug-1") == 1);
        var hasLocked = new TaskCompletionSource();
        var isContinued = new TaskCompletionSource();
        var stopped = first.Store.WriteAsync(async (transaction, token) =>
        {
            await TouchAsync(transaction.Db, token);
            hasLocked.SetResult();
            await isContinued.Task.WaitAsync(token);
            return await TouchAsync(transaction.Db, token);
        }, Cancelled);
        await hasLocked.Task.WaitAsync(Cancelled);

        Assert.Equal(1, await second.Store.WriteAsync((transaction, token) => TouchAsync(transaction.Db, token), Cancelled));

        isContinued.SetResult();
        var ended = await Assert.ThrowsAnyAsync<Exception>(() => stopped);
        Assert.True(Outage.IsCauseOf(ended), $"{ended}");

        static Task<int> TouchAsync(SampleDbContext db, CancellationToken token) => db.WorkItems.Where(row => row.Subject == "well")
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.LastError, "touched"), token);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Outbox_PoisonRow_BacksOffWithoutHoldingUpItsNeighbours(bool isOnServers)
    {
        await using var host = await new SampleHost().StartAsync(isOnServers ? await servers.SettingsAsync() : null);
        await host.Store.WriteAsync((transaction, _) =>
        {
            transaction.Db.Outbox.Add(new()
            {
                MessageId = Guid.NewGuid(),
                DueAt = TimeProvider.System.GetUtcNow(),
                Destination = "not an address",
                ContentType = "application/vnd.masstransit+json",
                MessageTypes = "urn:message:nobody",
                Body = "{}",
            });
            return Task.FromResult(true);
        }, Cancelled);
        for (var i = 0; i < 10; i++) await host.PublishAsync(new Greeting($"{i}"));
        await SampleHost.UntilAsync(async () => await host.CountAsync("greeted") == 10);
        await SampleHost.UntilAsync(() => host.Store.ReadAsync(
            (db, token) => db.Outbox.AnyAsync(row => row.Destination == "not an address" && row.Attempts > 0 && row.LastError != null, token), Cancelled));
    }
}
