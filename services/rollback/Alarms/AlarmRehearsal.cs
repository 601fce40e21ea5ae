using System.Text;
using BlueGreen.Platform.Rehearsing;
using BlueGreen.Platform.Webhooks;
using BlueGreen.Rollback.Reverting;
using BlueGreen.Rollback.Rules;
using BlueGreen.Rollback.Sources;

namespace BlueGreen.Rollback.Alarms;

/// <summary>
/// Goes the way of an alarm once without its effect: the first alarm may be the only one that ever matters, and must not wait for code to
/// be compiled. The endpoint of the rehearsed revert cannot exist, and the rehearsed alarm is a recovery, which never acts.
/// </summary>
internal sealed class AlarmRehearsal(
    IEnumerable<IAlarmSource> sources,
    AlarmDecisions decisions,
    AlarmRules rules,
    LiveReverts reverts,
    IRouterReverts routers,
    AlarmStore store,
    TimeProvider clock,
    ILogger<AlarmRehearsal> log)
{
    private const string Name = SampleMessage.Text;

    private static readonly AlarmSourceOptions Options = new() { Token = Name };

    private static readonly byte[] Sample = Encoding.UTF8.GetBytes(
        """
        {"version":"4","groupKey":"~rehearsal","truncatedAlerts":0,"alerts":[{"status":"resolved","labels":{"alertname":"~rehearsal"},
        "annotations":{"summary":"none"},"startsAt":"2026-01-01T00:00:00Z","fingerprint":"0"}],
        "name":"~rehearsal","status":"resolved","labels":{},"startsAt":"2026-01-01T00:00:00Z","reason":"none"}
        """);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var request = new WebhookRequest { Headers = new HeaderDictionary(), Body = Sample, ReceivedAt = clock.GetUtcNow() };
        foreach (var source in sources)
        {
            // Not authenticated: an unsigned request is turned away before there is anything to compile.
            var recoveries = source.Read(request, Options).Alarms.Select(alarm => alarm with { Firing = false }).ToList();
            await decisions.DecideAsync(recoveries, clock.GetTimestamp());
        }

        foreach (var endpoint in rules.All) await routers.FindLiveAsync(endpoint.Endpoint, cancellationToken);
        await reverts.FindAsync(Name);
        await reverts.RevertAsync(new RevertTraffic { DeploymentId = Guid.Empty, Endpoint = Name, Reason = Name, RequestedBy = Name });
        await RehearseStoringAsync(SampleMessage.Of<AlarmDecision>(), cancellationToken);
    }

    private async Task RehearseStoringAsync(AlarmDecision decision, CancellationToken cancellationToken)
    {
        try
        {
            await store.RehearseAsync(
                decision with { Endpoint = Name, Alarm = decision.Alarm with { Firing = true } }, clock.GetUtcNow(), cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // An alarm is acted on before it is stored: without the database there is nothing more to rehearse.
            log.RehearsalSkipped(exception);
        }
    }
}
