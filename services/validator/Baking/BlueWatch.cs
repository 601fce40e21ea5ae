using BlueGreen.Contracts;
using BlueGreen.Platform.Inference;
using BlueGreen.Platform.Persistence;
using BlueGreen.Validator.Gates;
using BlueGreen.Validator.Persistence;
using Microsoft.Extensions.Options;

namespace BlueGreen.Validator.Baking;

/// <summary>
/// Probes blue while green bakes: a way back that is not there is itself an alarm to operators, once per outage. It says nothing about green,
/// and so neither passes nor fails the bake.
/// </summary>
internal sealed class BlueWatch(
    HealthJudge health, IInferenceProtocols protocols, IServiceStore<ValidatorDbContext> store, IOptions<BakeOptions> options, TimeProvider time,
    ILogger<BlueWatch> logger)
{
    public const string Name = "blue-health";

    /// <summary>Probes until it is cancelled.</summary>
    /// <param name="command">The bake.</param>
    /// <param name="tell">Hears of every probe.</param>
    /// <param name="cancellationToken">Ends the watch; nothing is thrown then.</param>
    public async Task RunAsync(BeginBaking command, Action<GateResult> tell, CancellationToken cancellationToken)
    {
        if (command.Blue is not { Replicas.Count: > 0 } fleet || protocols.Find(fleet) is not { } protocol) return;
        var blue = new Side(protocol, InferenceTarget.Of(fleet));
        var isAlarmed = false;
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                var result = await health.JudgeAsync(blue, cancellationToken) with { Gate = Name };
                tell(result);
                if (result.Verdict == Verdict.Passed) isAlarmed = false;
                else if (!isAlarmed) isAlarmed = await AlarmAsync(command, result.Summary, cancellationToken);
                await Task.Delay(options.Value.BlueProbeInterval, time, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                // The database is away: blue is probed, and told of, when it is back.
                logger.BlueNotWatched(command.Endpoint, command.DeploymentId, fault);
                await Task.Delay(options.Value.BlueProbeInterval, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private Task<bool> AlarmAsync(BeginBaking command, string summary, CancellationToken cancellationToken) => store.WriteAsync(async (transaction, token) =>
    {
        logger.BlueNotReady(command.Endpoint, command.DeploymentId, summary);
        await transaction.PublishAsync(new AttentionRequired
        {
            Endpoint = command.Endpoint,
            DeploymentId = command.DeploymentId,
            Reason = $"Blue, the way back from the version that is baking, is not whole: {summary}.",
            At = time.GetUtcNow(),
        }, token);
        return true;
    }, cancellationToken);
}
