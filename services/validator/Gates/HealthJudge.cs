using BlueGreen.Contracts;
using BlueGreen.Judging.Evidence;
using BlueGreen.Platform.Inference;
using Microsoft.Extensions.Options;

namespace BlueGreen.Validator.Gates;

/// <summary>Gate <c>health</c>: every replica is live, ready, and ready for its model.</summary>
internal sealed class HealthJudge(TimeProvider time, IOptions<GateOptions> options)
{
    public async Task<GateResult> JudgeAsync(Side green, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var replies = await Task.WhenAll(green.Targets.Select(target => ProbeAsync(green.Protocol, target, cancellationToken)));
        var ready = replies.Count(reply => reply.Ready);
        var passed = ready == replies.Length && ready > 0;
        return new()
        {
            Gate = GateNames.Health,
            Verdict = passed ? Verdict.Passed : Verdict.Failed,
            Value = ready,
            Threshold = replies.Length,
            Unit = "replicas",
            Samples = replies.Length,
            Duration = time.GetElapsedTime(started),
            Summary = passed
                ? $"all {ready} replicas are live and ready"
                : $"{ready} of {replies.Length} replicas are ready: {Faults(replies)}",
        };
    }

    private async Task<ReplicaReadiness> ProbeAsync(
        IInferenceProtocol protocol, InferenceTarget target, CancellationToken cancellationToken)
    {
        for (var left = options.Value.HealthTries - 1; ; left--)
        {
            var reply = await protocol.ProbeAsync(target, cancellationToken);
            if (reply.Ready || left <= 0) return reply;
            await Task.Delay(options.Value.HealthPause, time, cancellationToken);
        }
    }

    private static string Faults(ReplicaReadiness[] replies) => string.Join("; ", replies
        .Select((reply, index) => (reply, index)).Where(pair => !pair.reply.Ready)
        .Select(pair => $"replica {pair.index} is {pair.reply.Detail}"));
}
