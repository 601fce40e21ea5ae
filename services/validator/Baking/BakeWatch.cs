using BlueGreen.Contracts;
using BlueGreen.Platform.Work;
using Microsoft.Extensions.Options;

namespace BlueGreen.Validator.Baking;

/// <summary>
/// Watches green from the switch to a verdict. A crash loses nothing but a count of failed looks: the routers keep their windows, and the
/// clock runs from the switch. A verdict beats the timer: time alone never passes a bake, and a broken limit ends it at once.
/// </summary>
internal sealed class BakeWatch(
    IRouterWindows windows, IOptions<BakeOptions> options, TimeProvider time, ValidatorMetrics metrics, ILogger<BakeWatch> logger)
    : IWorkHandler<BeginBaking>
{
    public async Task<WorkOutcome> RunAsync(BeginBaking command, IWorkLease lease, CancellationToken cancellationToken)
    {
        var bake = command.Bake;
        var interval = Longer(bake.Interval, options.Value.ShortestInterval);
        var judge = new BakeJudge(bake, interval, options.Value.FalseRollbackBudget);
        var end = command.SwitchedAt + bake.Duration;
        var last = command.SwitchedAt + Longer(bake.Duration, bake.MaxDuration);
        while (true)
        {
            await LookAsync(command, judge, interval, cancellationToken);
            var now = time.GetUtcNow();
            if (judge.Failure is { } failure) return Failed(command, failure, judge.Results);
            if (now >= end && judge.AllPassed) return Passed(command, judge);
            if (now >= last) return Inconclusive(command, judge.WhyNotPassed(), judge.Results);
            await Task.Delay(Pause(now, interval, now < end ? end : last), time, cancellationToken);
        }
    }

    public WorkOutcome GiveUp(BeginBaking command, string reason) => Inconclusive(command, reason, []);

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
        judge.Look(await sinceSwitch, await recent);
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

    private WorkOutcome Passed(BeginBaking command, BakeJudge judge)
    {
        logger.BakePassed(command.Endpoint, command.DeploymentId, judge.Looks);
        return WorkOutcome.Publish(new BakingPassed
        {
            DeploymentId = command.DeploymentId,
            Attempt = command.Attempt,
            Metrics = judge.Results,
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
