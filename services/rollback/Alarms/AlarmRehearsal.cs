using System.Text;
using BlueGreen.Platform.Webhooks;
using BlueGreen.Rollback.Reverting;
using BlueGreen.Rollback.Rules;

namespace BlueGreen.Rollback.Alarms;

/// <summary>
/// Goes the way of an alarm once without its effect: the first alarm may be the only one that ever matters, and must not wait for code to
/// be compiled. The endpoint of the rehearsed revert cannot exist, and the rehearsed alarm is a recovery, which never acts.
/// </summary>
internal sealed class AlarmRehearsal(
    IEnumerable<IAlarmSource> sources, AlarmDecisions decisions, AlarmRules rules, LiveReverts reverts, IRouterReverts routers, TimeProvider clock)
{
    private const string Name = "~rehearsal";

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
            source.Authenticate(request, Name);
            var recoveries = source.Read(request).Alarms.Select(alarm => alarm with { Firing = false }).ToList();
            await decisions.DecideAsync(recoveries, clock.GetTimestamp());
        }

        foreach (var endpoint in rules.All) await routers.FindLiveAsync(endpoint.Endpoint, cancellationToken);
        await reverts.RevertAsync(Name, Name, Name);
        await routers.RevertAsync(
            new RevertTraffic { DeploymentId = Guid.Empty, Endpoint = Name, Reason = Name, RequestedBy = Name }, cancellationToken);
    }
}
