using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using BlueGreen.Bench.Routing.Running;

namespace BlueGreen.Router.Cutover.Tests;

/// <param name="Elapsed">Since the cut.</param>
/// <param name="Behind">Seconds, as the replica that is cut off says of itself.</param>
/// <param name="Silence">Seconds, as another says of it.</param>
internal sealed record PartitionSample(TimeSpan Elapsed, double Behind, double Silence);

/// <summary>What <c>/metrics</c> of the replica that is cut off, and of another, say from the cut on.</summary>
internal sealed class Partition
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private readonly ConcurrentQueue<PartitionSample> _samples = new();
    private readonly CancellationTokenSource _end;
    private readonly Task _sampling;

    public Partition(RouterReplica alone, RouterReplica other, CancellationToken ct)
    {
        _end = CancellationTokenSource.CreateLinkedTokenSource(ct);
        CutAt = TimeProvider.System.GetTimestamp();
        _sampling = SampleAsync(alone, other, _end.Token);
    }

    public long CutAt { get; }
    public TimeSpan Elapsed => TimeProvider.System.GetElapsedTime(CutAt);

    /// <summary>Of the alert on this metric that is shipped in <c>deploy/prometheus</c>.</summary>
    public static double ThresholdOf(string metric, [CallerFilePath] string here = "")
    {
        var rules = File.ReadAllText(Path.Combine(Path.GetDirectoryName(here)!, "../../deploy/prometheus/bluegreen.rules.yml"));
        return double.Parse(Regex.Match(rules, $@"expr: .*{metric}\)? > (\d+)").Groups[1].ValueSpan, CultureInfo.InvariantCulture);
    }

    public async Task UntilAsync(TimeSpan elapsed)
    {
        if (elapsed > Elapsed) await Task.Delay(elapsed - Elapsed, TimeProvider.System, _end.Token);
    }

    public async Task<IReadOnlyList<PartitionSample>> EndAsync()
    {
        await _end.CancelAsync();
        await _sampling;
        _end.Dispose();
        return [.. _samples];
    }

    private async Task SampleAsync(RouterReplica alone, RouterReplica other, CancellationToken ct)
    {
        using var http = new HttpClient();
        try
        {
            while (true)
            {
                var elapsed = Elapsed;
                var behind = await ReadAsync(http, alone, "bluegreen_router_behind_seconds", "");
                _samples.Enqueue(new PartitionSample(
                    elapsed, behind, await ReadAsync(http, other, "bluegreen_router_replica_silence_seconds", $"\"{alone.Name}\"")));
                await Task.Delay(Pause, TimeProvider.System, ct);
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The partition is over.
        }
    }

    /// <returns>-1: it is not there.</returns>
    private static async Task<double> ReadAsync(HttpClient http, RouterReplica router, string metric, string label)
    {
        var text = await http.GetStringAsync(new Uri(router.Control, "metrics"), CancellationToken.None);
        var line = text.Split('\n').FirstOrDefault(
            line => line.StartsWith(metric, StringComparison.Ordinal) && line.Contains(label, StringComparison.Ordinal));
        return line is null ? -1 : double.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
    }
}
