using BlueGreen.Contracts;
using BlueGreen.Validator.Metrics;
using Microsoft.Extensions.Options;

namespace BlueGreen.Validator.Baking;

/// <summary>One look at everything that a bake watches.</summary>
internal sealed class BakeRound(
    IRouterWindows windows, IRouterPairs pairs, MetricSources sources, IOptions<BakeOptions> options, TimeProvider time, ValidatorMetrics metrics)
{
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
        // Routers count by whole seconds: the second of the switch is green's from then on, and the running one is looked at as far as it is.
        var from = Second(command.SwitchedAt);
        var to = Second(time.GetUtcNow()) + TimeSpan.FromSeconds(1);
        var window = interval > options.Value.RecentWindow ? interval : options.Value.RecentWindow;
        var sinceSwitch = windows.ReadAsync(command.Endpoint, command.Green.EnvironmentId, from, to, copies: false, cancellationToken);
        var recent = to - window <= from
            ? sinceSwitch
            : windows.ReadAsync(command.Endpoint, command.Green.EnvironmentId, to - window, to, copies: false, cancellationToken);
        // Blue answers what is mirrored back to it, and its share while traffic is shifted: without either its windows are empty, and say nothing.
        var blue = command.Blue is { } fleet
            ? await windows.ReadAsync(command.Endpoint, fleet.EnvironmentId, from, to, copies: true, cancellationToken)
            : null;
        judge.Look(await sinceSwitch, await recent, blue);
        foreach (var result in judge.Results) metrics.CountLook(command.Endpoint, result);
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
