using System.Collections.Concurrent;
using BlueGreen.Demo.Load;
using Microsoft.AspNetCore.Http;

namespace BlueGreen.Demo.Tests.Load;

public sealed class OpenLoopGeneratorTests
{
    private const int Stalled = 100;
    private const long GapMicroseconds = 5_000;

    [Fact]
    public async Task ServerStalls_RequestsGoOutOnScheduleAllTheSame_AndTheirWaitCounts()
    {
        var arrived = 0;
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await StubServer.StartAsync(async context =>
        {
            // Nobody is answered until a hundred have asked: a closed loop would wait for ever.
            if (Interlocked.Increment(ref arrived) == Stalled) release.SetResult();
            await release.Task.WaitAsync(context.RequestAborted);
            context.Response.Headers["X-BlueGreen-Model-Version"] = "1";
            await context.Response.WriteAsync("""{"outputs":[{"data":[null]}]}""");
        });
        var clock = new RunClock(TimeProvider.System);
        var records = new ConcurrentQueue<RequestRecord>();
        using var http = InferenceSender.CreateClient();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var generator = new OpenLoopGenerator(new InferenceSender(http, server.Address, ["{}"u8.ToArray()], clock), clock, records.Enqueue);
        var next = 0L;
        var running = generator.RunAsync(() => next += GapMicroseconds, stop.Token);
        await release.Task.WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System, TestContext.Current.CancellationToken);

        await stop.CancelAsync();
        await running;

        Assert.True(records.Count >= Stalled);
        Assert.All(records, record => Assert.Equal((200, "1", true), (record.Status, record.Version, record.NullScore)));
        Assert.All(records, record => Assert.True(record.Due <= record.Sent && record.Sent <= record.Done));
        var first = records.MinBy(record => record.Due);
        Assert.True(first.Done - first.Due >= (Stalled - 1) * GapMicroseconds, "the stall is part of the first request's latency");
    }

    [Fact]
    public async Task ServerGone_IsAFailedRequestWithItsReason_AndTheStreamGoesOn()
    {
        Uri address;
        await using (var server = await StubServer.StartAsync(_ => Task.CompletedTask)) address = server.Address;
        var clock = new RunClock(TimeProvider.System);
        using var http = InferenceSender.CreateClient();
        var sender = new InferenceSender(http, address, ["{}"u8.ToArray()], clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var records = new ConcurrentQueue<RequestRecord>();
        var generator = new OpenLoopGenerator(sender, clock, record =>
        {
            records.Enqueue(record);
            if (records.Count >= 3) stop.Cancel();
        });
        var next = 0L;

        await generator.RunAsync(() => next += GapMicroseconds, stop.Token);

        Assert.True(records.Count >= 3);
        Assert.All(records, record => Assert.True(record.Failed && record.Error!.Contains("HttpRequestException", StringComparison.Ordinal)));
    }

    [Fact]
    public void PoissonSchedule_KeepsItsRate_AndRepeatsForTheSameSeed()
    {
        var schedule = new PoissonSchedule(200, seed: 1);
        var arrivals = Enumerable.Range(0, 20_000).Select(_ => schedule.Next()).ToArray();
        var again = new PoissonSchedule(200, seed: 1);

        Assert.Equal(200, arrivals.Length / (arrivals[^1] / 1e6), 200 * 0.03);
        Assert.Equal(arrivals.Take(100), Enumerable.Range(0, 100).Select(_ => again.Next()));
        Assert.True(arrivals.Zip(arrivals.Skip(1)).All(pair => pair.First <= pair.Second));
    }
}
