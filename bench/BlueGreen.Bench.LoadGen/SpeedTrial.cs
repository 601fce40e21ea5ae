using System.Diagnostics;

namespace BlueGreen.Bench.LoadGen;

/// <summary>
/// Raises the rate until it is not held any more: more than one request in a hundred late, the whole load more than 2 % longer, or a failure.
/// </summary>
internal sealed class SpeedTrial(Sender sender, Action<string> say)
{
    private const double First = 5000;
    private const double Step = 1000;
    private const double Last = 40_000;
    private const int Tries = 3;
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(3);

    public async Task<SpeedReport> RunAsync(CancellationToken cancellationToken)
    {
        await sender.LoadAsync(First, Length, cancellationToken);
        var best = new SpeedReport(0, 0, 0, 0, Environment.ProcessorCount);
        for (var rate = First; rate <= Last; rate += Step)
        {
            if (await HoldAsync(rate, cancellationToken) is not { } held) break;
            best = held;
        }

        return best;
    }

    /// <summary>A burst of somebody else's work makes requests late that the generator would have sent in time: a rate has a few tries.</summary>
    private async Task<SpeedReport?> HoldAsync(double rate, CancellationToken cancellationToken)
    {
        for (var left = Tries; left > 0; left--)
        {
            var before = CpuTime();
            var result = await sender.LoadAsync(rate, Length, cancellationToken);
            var used = CpuTime() - before;
            var achieved = result.Requests / result.Duration.TotalSeconds;
            var perCore = result.Requests / used.TotalSeconds;
            var late = (double)result.Late / result.Requests;
            say($"{rate:0}/s: sent {achieved:0}/s, {late:0.00%} late, {result.Failed} failed, p99 {result.Milliseconds(99):0.00} ms, {used / result.Duration:0.00} cores, "
                + $"{perCore:0} per second of processor time");
            if (late <= 0.01 && achieved >= rate * 0.98 && result.Failed == 0)
            {
                return new(Math.Round(achieved), Math.Round(perCore), Math.Round(used / result.Duration, 2), Math.Round(result.Milliseconds(99), 2),
                    Environment.ProcessorCount);
            }
        }

        return null;
    }

    private static TimeSpan CpuTime()
    {
        using var self = Process.GetCurrentProcess();
        return self.TotalProcessorTime;
    }
}

/// <param name="RequestsPerSecond">The highest rate that was held.</param>
/// <param name="PerCoreSecond">Requests per second of the sender's own processor time (user and system), at that rate.</param>
/// <param name="CoresUsed">Processor time over time, at that rate.</param>
/// <param name="P99Ms">At that rate.</param>
/// <param name="CoresAllowed">Processors that the sender may run on.</param>
internal sealed record SpeedReport(double RequestsPerSecond, double PerCoreSecond, double CoresUsed, double P99Ms, int CoresAllowed);
