using System.Diagnostics;
using BlueGreen.Bench.LoadGen.Serving;

namespace BlueGreen.Bench.LoadGen;

/// <summary>
/// A load of ten seconds in which the server stalls for half a second. What p99 must be follows from the schedule and from the server's
/// own record of the stall: a request due in the midst of it waits for its end. A closed loop through the same stall is shown beside it.
/// </summary>
internal sealed class StallTrial(Sender sender, ServerProcess server, Action<string> say)
{
    private const double Rate = 1000;
    private const int ClosedWorkers = 8;
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Before = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Injected = TimeSpan.FromMilliseconds(500);

    public async Task<StallReport> RunAsync(CancellationToken cancellationToken)
    {
        // The warm-up has a stall too: the connections that it takes and the code that runs after it are not what is measured.
        var warmUp = sender.LoadAsync(Rate, TimeSpan.FromSeconds(3), cancellationToken);
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, cancellationToken);
        await server.StallAsync(Injected, cancellationToken);
        await warmUp;
        var load = sender.LoadAsync(Rate, Length, cancellationToken);
        await Task.Delay(Before, TimeProvider.System, cancellationToken);
        await server.StallAsync(Injected, cancellationToken);
        var result = await load;
        var stall = (await server.StallsAsync(cancellationToken))[^1];
        var truth = Truth(result.Started, stall, result.Milliseconds(50));
        var closed = await ClosedLoopAsync(cancellationToken);
        var measured = result.Milliseconds(99);
        say($"p99 {measured:0.0} ms, truth {truth:0.0} ms; a closed loop says {closed:0.0} ms");
        return new(
            Injected.TotalMilliseconds, Math.Round(truth, 2), Math.Round(measured, 2), Math.Round(Math.Abs(measured - truth) / truth, 4),
            Math.Round(closed, 2), result.Requests, result.Failed);
    }

    /// <summary>The 99th percentile over the schedule, in milliseconds.</summary>
    private static double Truth(long started, Stall stall, double otherwise)
    {
        var latencies = Enumerable.Range(0, (int)(Rate * Length.TotalSeconds)).Select(number =>
        {
            var due = started + (long)(number / Rate * Stopwatch.Frequency);
            return due < stall.Start || due > stall.End ? otherwise : otherwise + Stopwatch.GetElapsedTime(due, stall.End).TotalMilliseconds;
        }).Order().ToArray();
        return latencies[(int)Math.Ceiling(0.99 * latencies.Length) - 1];
    }

    private async Task<double> ClosedLoopAsync(CancellationToken cancellationToken)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var workers = Enumerable.Range(0, ClosedWorkers).Select(_ => WorkAsync(enough.Token, cancellationToken)).ToArray();
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, cancellationToken);
        await server.StallAsync(Injected, cancellationToken);
        await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System, cancellationToken);
        await enough.CancelAsync();
        var latencies = (await Task.WhenAll(workers)).SelectMany(worker => worker).Order().ToArray();
        return latencies[(int)Math.Ceiling(0.99 * latencies.Length) - 1];
    }

    private async Task<List<double>> WorkAsync(CancellationToken enough, CancellationToken cancellationToken)
    {
        var latencies = new List<double>();
        while (!enough.IsCancellationRequested)
            latencies.Add((await sender.SendAsync(cancellationToken)).Latency.TotalMilliseconds);
        return latencies;
    }
}

/// <param name="InjectedMs">Length of the stall that was asked for.</param>
/// <param name="TruthP99Ms">What p99 must be.</param>
/// <param name="MeasuredP99Ms">What it was measured to be.</param>
/// <param name="Error">Relative difference of the two.</param>
/// <param name="ClosedLoopP99Ms">What a generator that waits for answers would have said.</param>
/// <param name="Requests">Sent.</param>
/// <param name="Failed">Of these, failed.</param>
internal sealed record StallReport(
    double InjectedMs, double TruthP99Ms, double MeasuredP99Ms, double Error, double ClosedLoopP99Ms, int Requests, int Failed);
