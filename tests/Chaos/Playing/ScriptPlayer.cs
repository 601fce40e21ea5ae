using BlueGreen.Chaos.Faults;
using BlueGreen.Chaos.Scripts;

namespace BlueGreen.Chaos.Playing;

/// <summary>Plays a script: promotions one after the other, alarms when their deployments are due for them, faults beside both.</summary>
internal sealed class ScriptPlayer(Registry registry, Alerting alerting, StateFeed states, FaultInjector faults, TimeProvider time)
{
    private static readonly TimeSpan AlarmPatience = TimeSpan.FromSeconds(25);
    private static readonly TimeSpan Birth = TimeSpan.FromSeconds(3);

    public async Task PlayAsync(ChaosScript script, CancellationToken ct)
    {
        var streams = script.Promotions.GroupBy(step => step.Endpoint).Select(steps => PromoteAsync([.. steps], ct));
        await Task.WhenAll([faults.PlayAsync(script.Faults, ct), .. streams]);
    }

    private async Task PromoteAsync(IReadOnlyList<PromotionStep> steps, CancellationToken ct)
    {
        var alarms = new List<Task>();
        foreach (var step in steps)
        {
            await Task.Delay(step.After, time, ct);
            await states.WaitUntilIdleAsync(step.Endpoint, step.Patience, ct);
            var due = step.AlarmState is { } state ? states.WaitAsync(state, step.Version, AlarmPatience, ct) : null;
            await registry.PromoteAsync(step, ct);
            if (due is not null) alarms.Add(RaiseAsync(step, due, ct));
            // Until the saga has begun nothing is under way.
            await states.WaitUntilKnownAsync(step.Version, Birth, ct);
        }

        await Task.WhenAll(alarms);
    }

    private async Task RaiseAsync(PromotionStep step, Task due, CancellationToken ct)
    {
        await due;
        await Task.Delay(step.AlarmAfter, time, ct);
        // Also when its deployment never came so far: an alarm about whatever is live then is a right alarm, too.
        await alerting.RaiseAsync($"alarm-{step.Version}", step.Endpoint, ct);
    }
}
