using System.Text.Json;
using BlueGreen.Platform.Hosting;
using BlueGreen.Router.Routing;
using BlueGreen.Router.Windows;
using Microsoft.Extensions.Options;

namespace BlueGreen.Router.Peaks;

/// <summary>
/// Reads the windows every ten seconds, and keeps a copy of what it found on disk: a peak that a restart forgets would let the next
/// release be tested with less than production asks.
/// </summary>
internal sealed class PeakWatch(
    PeakBook book, RoutingTable table, IOptions<PlatformOptions> options, TimeProvider clock, ILogger<PeakWatch> log) : BackgroundService
{
    private const int Span = 10;
    private const int LooksPerCopy = 6;
    private readonly string _file = Path.Combine(options.Value.DataDirectory, "router", "peaks.json");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await RestoreAsync(stoppingToken);
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(Span), clock);
        try
        {
            for (var look = 1; await timer.WaitForNextTickAsync(stoppingToken); look++)
            {
                Look();
                if (look % LooksPerCopy == 0) await CopyAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await CopyAsync(CancellationToken.None);
        }
    }

    /// <summary>Notes the last ten whole seconds of every endpoint.</summary>
    internal void Look()
    {
        var now = clock.GetUtcNow();
        var end = now.ToUnixTimeSeconds();
        foreach (var entry in table.Current.Entries)
        {
            if (entry.Serving?.Window.Sum(end - Span, end) is { Requests: > 0 } sum)
                book.Note(entry.State.Endpoint, now, Reading(sum));
        }
    }

    private static PeakReading Reading(WindowSum sum)
    {
        var busy = 0d;
        var bounds = LatencyBuckets.BoundsMilliseconds;
        for (var i = 0; i < sum.Latencies.Length; i++)
        {
            var low = i == 0 ? 0 : bounds[i - 1]!.Value;
            busy += sum.Latencies[i] * (low + (bounds[i] ?? low)) / 2 / 1000;
        }

        return new((double)sum.Requests / Span, busy / Span);
    }

    private async Task RestoreAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (!File.Exists(_file)) return;
            await using var file = File.OpenRead(_file);
            var copy = await JsonSerializer.DeserializeAsync<Dictionary<string, Dictionary<long, PeakReading>>>(file, cancellationToken: cancellationToken);
            if (copy is not null) book.Restore(copy, clock.GetUtcNow());
        }
        catch (Exception fault) when (fault is IOException or JsonException or UnauthorizedAccessException)
        {
            log.PeaksNotRestored(_file, fault.Message);
        }
    }

    private async Task CopyAsync(CancellationToken cancellationToken)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_file)!);
            await File.WriteAllBytesAsync($"{_file}.new", JsonSerializer.SerializeToUtf8Bytes(book.Copy()), cancellationToken);
            File.Move($"{_file}.new", _file, overwrite: true);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            log.PeaksNotKept(_file, fault.Message);
        }
    }
}
