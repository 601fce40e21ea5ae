using BlueGreen.Platform.Inference;
using BlueGreen.Platform.Load;

namespace BlueGreen.Inference.Tests.Load;

public sealed class OpenLoopLoadTests
{
    private static readonly TimeProvider Clock = TimeProvider.System;
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Load_ServerStalls_ChargesEveryRequestThatWasDue()
    {
        // 1000 requests in a second; for 300 ms nothing is answered: the tenth of all that waited longest waited 200 ms or more.
        var started = Clock.GetTimestamp();
        var result = await new OpenLoopLoad(Clock).RunAsync(Plan(1000, 1000), async (_, token) =>
        {
            var sent = Clock.GetElapsedTime(started);
            var stallEnds = TimeSpan.FromMilliseconds(700);
            if (sent > TimeSpan.FromMilliseconds(400) && sent < stallEnds) await Task.Delay(stallEnds - sent, Clock, token);
            return Reply(Clock.GetElapsedTime(started) - sent);
        }, Token);
        Assert.Equal(1000, result.Microseconds.TotalCount);
        Assert.InRange(result.Milliseconds(90), 150, 280);
        Assert.InRange(result.Milliseconds(99), 250, 400);
    }

    [Fact]
    public async Task Load_SenderIsHeldUp_ChargesTheDelayToo()
    {
        var result = await new OpenLoopLoad(Clock).RunAsync(Plan(1000, 400), (number, _) =>
        {
            // What holds up the sender's own thread, as a collection would.
            if (number == 100) SpinWait.SpinUntil(() => false, TimeSpan.FromMilliseconds(200));
            return Task.FromResult(Reply(TimeSpan.FromMilliseconds(1)));
        }, Token);
        Assert.InRange(result.Late, 100, 400);
        Assert.True(result.Milliseconds(75) > 50, $"{result.Milliseconds(75)} ms");
    }

    [Fact]
    public async Task Load_TooManyInFlight_WaitsAndChargesTheWait()
    {
        var (now, most) = (0, 0);
        var result = await new OpenLoopLoad(Clock).RunAsync(Plan(2000, 200) with { MaxInFlight = 10 }, async (_, token) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref now));
            await Task.Delay(TimeSpan.FromMilliseconds(20), Clock, token);
            Interlocked.Decrement(ref now);
            return Reply(TimeSpan.FromMilliseconds(20));
        }, Token);
        Assert.InRange(most, 1, 10);
        Assert.True(result.Milliseconds(99) > 200, $"{result.Milliseconds(99)} ms");
    }

    [Fact]
    public async Task Load_FailuresAndTimeouts_OnlyTimeoutsAreLatencies()
    {
        var result = await new OpenLoopLoad(Clock).RunAsync(Plan(1000, 30), (number, _) => Task.FromResult((number % 3) switch
        {
            0 => Reply(TimeSpan.FromMilliseconds(1)) with { Error = "refused", ConnectionLost = true },
            1 => Reply(TimeSpan.FromSeconds(30)) with { Error = "no answer", TimedOut = true },
            _ => Reply(TimeSpan.FromMilliseconds(1)),
        }), Token);
        Assert.Equal((10, 20, 30), (result.Failed, (int)result.Microseconds.TotalCount, result.Requests));
        Assert.InRange(result.Milliseconds(99), 29_900, 30_300);
    }

    [Fact]
    public async Task Load_Cancelled_Ends()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var load = new OpenLoopLoad(Clock).RunAsync(Plan(100, 100_000), async (_, token) =>
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1), Clock, token);
            return Reply(TimeSpan.Zero);
        }, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => load);
    }

    private static LoadPlan Plan(double rate, int requests) => new() { Rate = rate, Requests = requests };

    private static InferenceReply Reply(TimeSpan latency) => new() { Status = 200, Latency = latency, Scores = [0.5] };
}
