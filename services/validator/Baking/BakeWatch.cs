using BlueGreen.Contracts;
using BlueGreen.Platform.Work;
using BlueGreen.Validator.Metrics;
using Microsoft.Extensions.Options;

namespace BlueGreen.Validator.Baking;

/// <summary>
/// Watches green from the switch to a verdict. A crash loses nothing but a count of failed looks: the routers keep their windows, and the
/// clock runs from the switch. A verdict beats the timer: time alone never passes a bake, and a broken limit ends it at once.
/// </summary>
internal sealed class BakeWatch(
    IRouterWindows windows, MetricSources sources, BlueWatch blueWatch, IOptions<BakeOptions> options, TimeProvider time, ValidatorMetrics metrics,
    ILogger<BakeWatch> logger)
    : IWorkHandler<BeginBaking>
{
    public async Task<WorkOutcome> RunAsync(BeginBaking command, IWorkLease lease, CancellationToken cancellationToken)
    {
        var interval = Longer(command.Bake.Interval, options.Value.ShortestInterval);
        var progress = Begin(command.Bake, interval);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var watching = blueWatch.RunAsync(command, result => progress.Blue = result, over.Token);
        try
        {
            return await WatchAsync(command, progress, interval, cancellationToken);
        }
        finally
        {
            await over.CancelAsync();
            await watching;
        }
    }

    private async Task<WorkOutcome> WatchAsync(BeginBaking command, BakeProgress progress, TimeSpan interval, CancellationToken cancellationToken)
    {
        var bake = command.Bake;
        var end = command.SwitchedAt + bake.Duration;
        var last = command.SwitchedAt + Longer(bake.Duration, bake.MaxDuration);
        while (true)
        {
            if (progress.AsksRouters || progress.External.Count == 0) await LookAsync(command, progress.Judge, interval, cancellationToken);
            await MeasureAsync(command, progress, cancellationToken);
            var now = time.GetUtcNow();
            if (progress.Failure is { } failure) return Failed(command, failure, progress.Results);
            if (now >= end && progress.AllPassed) return Passed(command, progress);
            if (progress.GivenUp is { } reason) return Inconclusive(command, reason, progress.Results);
            if (now >= last) return Inconclusive(command, progress.WhyNotPassed(), progress.Results);
            await Task.Delay(Pause(now, interval, now < end ? end : last), time, cancellationToken);
        }
    }

    public WorkOutcome GiveUp(BeginBaking command, string reason) => Inconclusive(command, reason, []);

    private BakeProgress Begin(BakePolicy bake, TimeSpan interval)
    {
        BakeMetric[] routers = [.. bake.Metrics.Where(metric => metric.Source is null)];
        return new(
            new(bake with { Metrics = routers }, interval, options.Value.FalseRollbackBudget),
            [.. bake.Metrics.Where(metric => metric.Source is not null).Select(metric => new ExternalMetric(metric, metric.Source!, interval))],
            routers.Length > 0);
    }

    private async Task MeasureAsync(BeginBaking command, BakeProgress progress, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await Task.WhenAll(progress.External.Where(metric => metric.IsDue(command.SwitchedAt, now)).Select(async metric =>
        {
            metric.Take(await sources.ReadAsync(metric.Source, command.Endpoint, command.Green, cancellationToken), now);
            metrics.CountLook(command.Endpoint, metric.Result);
        }));
    }

    private async Task LookAsync(BeginBaking command, BakeJudge judge, TimeSpan interval, CancellationToken cancellationToken)
    {
        // Routers count by whole seconds: the second of the switch is green's from then on, and the running one is looked at as far as it is.
        var from = Second(command.SwitchedAt);
        var to = Second(time.GetUtcNow()) + TimeSpan.FromSeconds(1);
        var recentFrom = to - Longer(interval, options.Value.RecentWindow);
        var sinceSwitch = windows.ReadAsync(command.Endpoint, command.Green.EnvironmentId, from, to, cancellationToken);
        var recent = recentFrom <= from
            ? sinceSwitch
            : windows.ReadAsync(command.Endpoint, command.Green.EnvironmentId, recentFrom, to, cancellationToken);
        // Blue answers only what is mirrored back to it: without that its windows are empty, and say nothing.
        var blue = command.Blue is { } fleet
            ? await windows.ReadAsync(command.Endpoint, fleet.EnvironmentId, from, to, cancellationToken)
            : null;
        judge.Look(await sinceSwitch, await recent, blue);
        foreach (var result in judge.Results) metrics.CountLook(command.Endpoint, result);
    }

    /// <summary>At the interval's pace, but never past the moment at which there is something to decide.</summary>
    private static TimeSpan Pause(DateTimeOffset now, TimeSpan interval, DateTimeOffset decisive)
    {
        var left = decisive - now;
        return left > TimeSpan.Zero && left < interval ? left : interval;
    }

    private static DateTimeOffset Second(DateTimeOffset instant) =>
        new(instant.UtcTicks - (instant.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero);

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private WorkOutcome Passed(BeginBaking command, BakeProgress progress)
    {
        logger.BakePassed(command.Endpoint, command.DeploymentId, progress.Judge.Looks);
        return WorkOutcome.Publish(new BakingPassed
        {
            DeploymentId = command.DeploymentId,
            Attempt = command.Attempt,
            Metrics = progress.Results,
        });
    }

    private WorkOutcome Failed(BeginBaking command, string reason, IReadOnlyList<GateResult> results)
    {
        logger.BakeFailed(command.Endpoint, command.DeploymentId, reason);
        return WorkOutcome.Publish(new BakingFailed
        {
            DeploymentId = command.DeploymentId,
            Attempt = command.Attempt,
            Endpoint = command.Endpoint,
            Reason = reason,
            Metrics = results,
        });
    }

    private WorkOutcome Inconclusive(BeginBaking command, string reason, IReadOnlyList<GateResult> results)
    {
        logger.BakeInconclusive(command.Endpoint, command.DeploymentId, reason);
        return WorkOutcome.Publish(new BakingInconclusive
        {
            DeploymentId = command.DeploymentId,
            Attempt = command.Attempt,
            Reason = reason,
            Metrics = results,
        });
    }
}
