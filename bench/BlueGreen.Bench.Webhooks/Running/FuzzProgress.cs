using System.Diagnostics;
using BlueGreen.Bench.Webhooks.Traffic;

namespace BlueGreen.Bench.Webhooks.Running;

/// <summary>A line now and then about a run that takes long, and where it can be taken up again.</summary>
internal sealed class FuzzProgress(FuzzReport report, int first, int payloads, int lanes, Action<string> say, TimeProvider clock)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    private readonly long _started = clock.GetTimestamp();

    /// <summary>Says where the run is until it is told to stop, and once more then.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            await Task.Delay(Interval, clock, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            say(Line());
        }
    }

    private string Line()
    {
        using var self = Process.GetCurrentProcess();
        var played = report.Payloads;
        // Lanes are beside each other: what is certainly done ends that much earlier.
        var goesOn = first + Math.Max(0, played - lanes);
        return $"{first + played} of {payloads} played, {played / clock.GetElapsedTime(_started).TotalSeconds:0}/s, "
            + $"unhandled {report.UnhandledExceptions}, 5xx {report.ServerErrors}, forged and accepted {report.ForgedAccepted}, "
            + $"{self.WorkingSet64 >> 20} MiB; stopped now, it goes on with --first {goesOn}";
    }
}
