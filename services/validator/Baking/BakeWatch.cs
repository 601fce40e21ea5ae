using BlueGreen.Contracts;
using BlueGreen.Platform.Work;
using Microsoft.Extensions.Options;

namespace BlueGreen.Validator.Baking;

/// <summary>
/// Watches green from the switch to a verdict. A crash loses nothing but a count of failed looks: the routers keep their windows, and the
/// clock runs from the switch. A verdict beats the timer: time alone never passes a bake, and a broken limit ends it at once.
/// </summary>
internal sealed class BakeWatch(
    BakeRound round, BlueWatch blueWatch, BakeRecorder recorder, IOptions<BakeOptions> options, TimeProvider time, ILogger<BakeWatch> logger)
    : IWorkHandler<BeginBaking>
{
    public async Task<WorkOutcome> RunAsync(BeginBaking command, IWorkLease lease, CancellationToken cancellationToken)
    {
        var interval = Longer(command.Bake.Interval, options.Value.ShortestInterval);
        var progress = new BakeProgress(command.Bake, interval, options.Value.FalseRollbackBudget);
        var record = await recorder.OpenAsync(command, cancellationToken);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var watching = blueWatch.RunAsync(command, result => progress.Blue = result, over.Token);
        try
        {
            return await WatchAsync(command, progress, record, interval, cancellationToken);
        }
        finally
        {
            await over.CancelAsync();
            await watching;
        }
    }

    private async Task<WorkOutcome> WatchAsync(
        BeginBaking command, BakeProgress progress, BakeRecord record, TimeSpan interval, CancellationToken cancellationToken)
    {
        var end = command.SwitchedAt + command.Bake.Duration;
        var last = command.SwitchedAt + Longer(command.Bake.Duration, command.Bake.MaxDuration);
        while (true)
        {
            await round.TakeAsync(command, progress, interval, Stage(time.GetUtcNow(), end, last), cancellationToken);
            await recorder.LookAsync(record, progress, cancellationToken);
            var now = time.GetUtcNow();
            if (progress.Failure is { } failure) return Failed(command, failure, progress, record);
            if (now >= end && progress.AllPassed) return Passed(command, progress, record);
            if (progress.GivenUp is { } reason) return Inconclusive(command, reason, progress, record);
            if (now >= last) return Inconclusive(command, progress.WhyNotPassed(), progress, record);
            await Task.Delay(Pause(now, interval, now < end ? end : last), time, cancellationToken);
        }
    }

    public WorkOutcome GiveUp(BeginBaking command, string reason) => Inconclusive(command, reason, []);

    private static BakeStage Stage(DateTimeOffset now, DateTimeOffset end, DateTimeOffset last) =>
        now >= last ? BakeStage.Last : now >= end ? BakeStage.Extended : BakeStage.Watching;

    /// <summary>At the interval's pace, but never past the moment at which there is something to decide.</summary>
    private static TimeSpan Pause(DateTimeOffset now, TimeSpan interval, DateTimeOffset decisive)
    {
        var left = decisive - now;
        return left > TimeSpan.Zero && left < interval ? left : interval;
    }

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private WorkOutcome Passed(BeginBaking command, BakeProgress progress, BakeRecord record)
    {
        logger.BakePassed(command.Endpoint, command.DeploymentId, record.Looks.Taken);
        return WorkOutcome.Publish(new BakingPassed
        {
            DeploymentId = command.DeploymentId,
            Attempt = command.Attempt,
            Metrics = progress.Results,
        }).AndWrite(recorder.Close(record, progress, Verdict.Passed, null));
    }

    private WorkOutcome Failed(BeginBaking command, string reason, BakeProgress progress, BakeRecord record)
    {
        logger.BakeFailed(command.Endpoint, command.DeploymentId, reason);
        return WorkOutcome.Publish(new BakingFailed
        {
            DeploymentId = command.DeploymentId,
            Attempt = command.Attempt,
            Endpoint = command.Endpoint,
            Reason = reason,
            Metrics = progress.Results,
        }).AndWrite(recorder.Close(record, progress, Verdict.Failed, reason));
    }

    private WorkOutcome Inconclusive(BeginBaking command, string reason, BakeProgress progress, BakeRecord record) =>
        Inconclusive(command, reason, progress.Results).AndWrite(recorder.Close(record, progress, Verdict.Inconclusive, reason));

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
