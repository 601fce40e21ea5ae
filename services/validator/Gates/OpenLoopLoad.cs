using BlueGreen.Platform.Inference;
using HdrHistogram;
using Microsoft.Extensions.Options;

namespace BlueGreen.Validator.Gates;

/// <summary>
/// Sends requests to a schedule that does not wait for answers, and measures from the moment each was due. A closed loop would send
/// nothing while the server stalls and so leave out the very requests that a stall hurts ("coordinated omission", G. Tene, "How NOT to
/// measure latency", 2013).
/// </summary>
internal sealed class OpenLoopLoad(TimeProvider time, IOptions<GateOptions> options)
{
    private const long HighestMicroseconds = 3_600_000_000;

    /// <param name="side">Who is loaded, replica by replica in turn.</param>
    /// <param name="payloads">Sent in turn, at least one.</param>
    /// <param name="requests">How many are measured.</param>
    /// <param name="tally">Hears of every reply, priming included.</param>
    /// <param name="cancellationToken">Ends the load.</param>
    public async Task<LoadResult> RunAsync(
        Side side, IReadOnlyList<InferencePayload> payloads, int requests, RequestTally tally, CancellationToken cancellationToken)
    {
        await PrimeAsync(side, payloads, tally, cancellationToken);
        var gap = TimeSpan.FromSeconds(1 / options.Value.LoadRate);
        var started = time.GetTimestamp();
        var sent = new Task<TimeSpan?>[requests];
        for (var i = 0; i < requests; i++)
        {
            var due = gap * i;
            var wait = due - time.GetElapsedTime(started);
            if (wait > TimeSpan.Zero) await Task.Delay(wait, time, cancellationToken);
            var lateness = time.GetElapsedTime(started) - due - options.Value.TimerSlack;
            sent[i] = SendAsync(
                side, side.Targets[i % side.Targets.Count], payloads[i % payloads.Count], tally,
                lateness > TimeSpan.Zero ? lateness : TimeSpan.Zero, cancellationToken);
        }

        var latencies = await Task.WhenAll(sent);
        return Sum(latencies, time.GetElapsedTime(started));
    }

    private async Task PrimeAsync(
        Side side, IReadOnlyList<InferencePayload> payloads, RequestTally tally, CancellationToken cancellationToken)
    {
        foreach (var target in side.Targets)
            for (var i = 0; i < options.Value.PrimingRequests; i++)
                await SendAsync(side, target, payloads[i % payloads.Count], tally, TimeSpan.Zero, cancellationToken);
    }

    /// <returns>Null when the request failed at once: a refused connection is fast, and says nothing about latency.</returns>
    private static async Task<TimeSpan?> SendAsync(
        Side side, InferenceTarget target, InferencePayload payload, RequestTally tally, TimeSpan lateness,
        CancellationToken cancellationToken)
    {
        var reply = await side.Protocol.InferAsync(target, payload, cancellationToken);
        tally.Add(reply);
        return reply.Succeeded || reply.TimedOut ? reply.Latency + lateness : null;
    }

    private static LoadResult Sum(TimeSpan?[] latencies, TimeSpan duration)
    {
        var histogram = new LongHistogram(HighestMicroseconds, 3);
        foreach (var latency in latencies)
            if (latency is { } value)
                histogram.RecordValue(Math.Clamp((long)value.TotalMicroseconds, 1, HighestMicroseconds));
        return new(histogram, duration);
    }
}

/// <summary>What the load saw.</summary>
/// <param name="Microseconds">Latencies of the requests that were answered or timed out.</param>
/// <param name="Duration">How long the load lasted.</param>
internal sealed record LoadResult(HistogramBase Microseconds, TimeSpan Duration);
