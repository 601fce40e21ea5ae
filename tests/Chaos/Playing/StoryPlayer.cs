using BlueGreen.Chaos.Faults;
using BlueGreen.Chaos.Scripts;
using BlueGreen.Chaos.Serving;
using BlueGreen.Chaos.Waiting;

namespace BlueGreen.Chaos.Playing;

/// <summary>Plays an endpoint's story: promotions one after the other, alarms and operators' decisions when they are due, its fault beside them.</summary>
internal sealed class StoryPlayer(
    Registry registry, Alerting alerting, Operators operators, StateFeed states, FaultInjector faults, Waits waits, TimeProvider time)
{
    private static readonly TimeSpan AlarmPatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Birth = TimeSpan.FromSeconds(3);

    /// <summary>A whole story, under faults that restart what it needs.</summary>
    private static readonly TimeSpan StoryLimit = TimeSpan.FromMinutes(4);

    /// <summary>A release on a platform that is whole again: no deadline of its own is longer.</summary>
    private static readonly TimeSpan LastLimit = TimeSpan.FromSeconds(90);

    /// <returns>What could not be told to its end, if anything: mended all the same, and judged.</returns>
    public async Task<string?> PlayAsync(ChaosScript script, CancellationToken ct)
    {
        try
        {
            await waits.ForAsync(
                "the stories to be told", StoryLimit, token => Task.WhenAll(script.Stories.Select(story => TellAsync(story, token))), ct);
            return null;
        }
        catch (ChaosException unfinished) when (!ct.IsCancellationRequested)
        {
            return unfinished.Message;
        }
    }

    /// <summary>Once everything is mended: a good release must go through.</summary>
    /// <returns>False: it has not ended in time; the judges find what has.</returns>
    public async Task<bool> PlayLastAsync(ChaosScript script, CancellationToken ct)
    {
        if (script.LastVersion is not { } version) return true;
        if (!await states.WaitUntilIdleAsync(script.Last!, LastLimit, ct)) return false;
        var step = new PromotionStep(TimeSpan.Zero, TimeSpan.Zero, script.Last!, version, ReleaseKind.Good, null, TimeSpan.Zero);
        using var attending = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var attention = AttendAsync(step, (_, _) => Task.CompletedTask, attending.Token);
        await registry.PromoteAsync(step, ct);
        var ended = await states.WaitUntilEndedAsync(version, LastLimit, ct);
        await attending.CancelAsync();
        await attention;
        return ended;
    }

    private async Task TellAsync(EndpointStory story, CancellationToken ct)
    {
        var struck = story.Fault is { } fault ? faults.Begin(fault, ct) : new Strike(Task.CompletedTask, Task.CompletedTask);
        var asides = new List<Task> { struck.Over };
        using var attending = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var attention = new List<Task>();
        foreach (var step in story.Promotions)
        {
            await Task.Delay(step.After, time, ct);
            await states.WaitUntilIdleAsync(story.Endpoint, step.Patience, ct);
            attention.Add(AttendAsync(step, (state, token) => FreeAsync(story, step, state, struck.Begun, token), attending.Token));
            if (step.AlarmState is { } state) asides.Add(RaiseAsync(step, states.WaitAsync(state, step.Version, AlarmPatience, ct), ct));
            await registry.PromoteAsync(step, ct);
            // Until the saga has begun nothing is under way.
            await states.WaitUntilKnownAsync(step.Version, Birth, ct);
        }

        await Task.WhenAll(asides);
        await waits.ForAsync($"{story.Endpoint} to come to rest", StoryLimit, token => states.WaitUntilIdleAsync(story.Endpoint, StoryLimit, token), ct);
        await attending.CancelAsync();
        await Task.WhenAll(attention);
    }

    private static async Task FreeAsync(EndpointStory story, PromotionStep step, string state, Task struck, CancellationToken ct)
    {
        if (story.Fault is { } fault && fault.Version == step.Version && fault.State == state) await struck.WaitAsync(ct);
    }

    private async Task AttendAsync(PromotionStep step, Func<string, CancellationToken, Task> free, CancellationToken ct)
    {
        try
        {
            await operators.AttendAsync(step, free, ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The story is over.
        }
    }

    private async Task RaiseAsync(PromotionStep step, Task due, CancellationToken ct)
    {
        await due;
        await Task.Delay(step.AlarmAfter, time, ct);
        // Also when its deployment never came so far: an alarm about whatever is live then is a right alarm, too.
        await alerting.RaiseAsync($"alarm-{step.Version}", step.Endpoint, ct);
    }
}
