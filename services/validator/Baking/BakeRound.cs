using BlueGreen.Contracts;
using BlueGreen.Validator.Metrics;
using Microsoft.Extensions.Options;

namespace BlueGreen.Validator.Baking;

/// <summary>One look at everything that a bake watches.</summary>
internal sealed class BakeRound(
    IRouterWindows windows, IRouterPairs pairs, MetricSources sources, IOptions<BakeOptions> options, TimeProvider time, ValidatorMetrics metrics)
{
    private static readonly TimeSpan BluePause = TimeSpan.FromMilliseconds(250);

    /// <summary>About as far back as routers remember.</summary>
    private static readonly TimeSpan Past = TimeSpan.FromMinutes(15);

    public async Task TakeAsync(
        BeginBaking command, BakeProgress progress, TimeSpan interval, BakeStage stage, CancellationToken cancellationToken)
    {
        if (progress.AsksRouters || (progress.External.Count == 0 && progress.Pairs is null))
            await LookAsync(command, progress.Judge, interval, cancellationToken);
        if (progress.Pairs is { } judge) await CompareAsync(command, judge, stage, cancellationToken);
        await MeasureAsync(command, progress, cancellationToken);
    }

    private async Task LookAsync(BeginBaking command, BakeJudge judge, TimeSpan interval, CancellationToken cancellationToken)
    {
        if (command.Blue is { } blue && judge.WantsBlueBefore)
            judge.BlueBefore = await ReadBeforeAsync(command, blue, cancellationToken);
        var started = time.GetTimestamp();
        var reading = await ReadAsync(command, interval, cancellationToken);
        // A copy is sent when green has answered: what blue says to the same request comes a moment later.
        while (judge.AwaitsBlue(reading.SinceSwitch, reading.Recent, reading.Blue) && time.GetElapsedTime(started) < options.Value.BlueWait)
        {
            await Task.Delay(BluePause, time, cancellationToken);
            reading = await ReadAsync(command, interval, cancellationToken);
        }

        judge.Look(reading.SinceSwitch, reading.Recent, reading.Blue);
        foreach (var result in judge.Results) metrics.CountLook(command.Endpoint, result);
    }

    private async Task<(RouterReading SinceSwitch, RouterReading Recent, BakeReading? Blue)> ReadAsync(
        BeginBaking command, TimeSpan interval, CancellationToken cancellationToken)
    {
        // Routers count by whole seconds: the second of the switch is green's from then on, and the running one is looked at as far as it is.
        var from = Second(command.SwitchedAt);
        var to = Second(time.GetUtcNow()) + TimeSpan.FromSeconds(1);
        var window = interval > options.Value.RecentWindow ? interval : options.Value.RecentWindow;
        var green = BothAsync(command.Green, copies: false);
        // Blue answers what is mirrored back to it, and its share while traffic is shifted: without either its windows are empty, and say nothing.
        var blue = command.Blue is { } fleet ? await BothAsync(fleet, copies: true) : null;
        var (sinceSwitch, recent) = await green;
        return (sinceSwitch, recent, blue);

        async Task<BakeReading> BothAsync(Fleet colour, bool copies)
        {
            var all = windows.ReadAsync(command.Endpoint, colour.EnvironmentId, from, to, copies, cancellationToken);
            var late = to - window <= from
                ? all
                : windows.ReadAsync(command.Endpoint, colour.EnvironmentId, to - window, to, copies, cancellationToken);
            return new(await all, await late);
        }
    }

    /// <returns>Null while not every router can be read.</returns>
    private async Task<WindowSum?> ReadBeforeAsync(BeginBaking command, Fleet blue, CancellationToken cancellationToken)
    {
        var switched = Second(command.SwitchedAt);
        var reading = await windows.ReadAsync(command.Endpoint, blue.EnvironmentId, switched - Past, switched, copies: false, cancellationToken);
        return reading.Missing.Count == 0 ? reading.Sum : null;
    }

    private async Task CompareAsync(BeginBaking command, PairJudge judge, BakeStage stage, CancellationToken cancellationToken)
    {
        if (command.Blue is { } blue)
            judge.Look(await pairs.ReadAsync(command.Endpoint, blue.EnvironmentId, command.SwitchedAt, cancellationToken), time.GetUtcNow(), stage);
        else
            judge.NotApplicable();
        foreach (var result in judge.Results) metrics.CountLook(command.Endpoint, result);
    }

    private async Task MeasureAsync(BeginBaking command, BakeProgress progress, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await Task.WhenAll(progress.External.Where(metric => metric.IsDue(command.SwitchedAt, now)).Select(async metric =>
        {
            await metric.MeasureAsync(sources, command, now, cancellationToken);
            metrics.CountLook(command.Endpoint, metric.Result);
        }));
    }

    private static DateTimeOffset Second(DateTimeOffset instant) =>
        new(instant.UtcTicks - (instant.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero);
}
