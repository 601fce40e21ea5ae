using BlueGreen.Chaos.Playing;
using BlueGreen.Chaos.Proxies;
using BlueGreen.Chaos.Reporting;
using BlueGreen.Chaos.Scripts;

namespace BlueGreen.Chaos.Faults;

/// <summary>Carries out faults, each when the deployment that it waits for is in the state that it aims at.</summary>
internal sealed class FaultInjector(
    ServiceControl services, ServiceLines lines, ContainerFaults containers, MessageFaults messages, StateFeed states, HitsTable hits,
    Action<string> say, TimeProvider time)
{
    private const int Cuts = 3;

    /// <summary>A deployment behind another one's outage may take its time to come.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    public Strike Begin(FaultStep step, CancellationToken ct)
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return new Strike(begun.Task, DoAsync(step, begun, ct));
    }

    private async Task DoAsync(FaultStep step, TaskCompletionSource begun, CancellationToken ct)
    {
        var counted = 0;
        var prepared = step.Kind == FaultKind.Reorder ? await messages.PrepareAsync(step, ct) : null;
        await states.MeetAsync(step.State, step.Version, Patience, ct);
        await Task.Delay(step.After, time, ct);
        try
        {
            await (step.Kind switch
            {
                FaultKind.Kill => Task.WhenAll(step.Services.Select(name => services.KillAsync(name, step.Lasts, Count, ct))),
                FaultKind.Pause => Task.WhenAll(step.Services.Select(name => services.PauseAsync(name, step.Lasts, Count, ct))),
                FaultKind.Cut => CutAsync(step, Count, ct),
                FaultKind.Delay => SlowAsync(step, Count, ct),
                FaultKind.Duplicate => messages.DuplicateAsync(step, Count, ct),
                FaultKind.Reorder => messages.ReorderAsync(step, prepared!, Count, ct),
                _ => containers.DoAsync(step, Count, ct),
            });
        }
        finally
        {
            begun.TrySetResult();
        }

        // Counted when it takes effect, once.
        void Count()
        {
            if (Interlocked.Exchange(ref counted, 1) == 1) return;
            var met = states.Active();
            hits.Add(step.Label, met);
            say($"{step.Label} [{string.Join(", ", step.Services)}] while {(met.Count == 0 ? "nothing is under way" : string.Join(", ", met))}"
                + (met.Contains(step.State) ? "" : $" (aimed at {step.State} of {step.Version})"));
            begun.TrySetResult();
        }
    }

    private async Task CutAsync(FaultStep step, Action count, CancellationToken ct)
    {
        for (var cut = 0; cut < Cuts; cut++)
        {
            foreach (var name in step.Services) lines.Cut(name);
            count();
            await Task.Delay(step.Lasts / Cuts, time, ct);
        }
    }

    private async Task SlowAsync(FaultStep step, Action count, CancellationToken ct)
    {
        var delay = TimeSpan.FromMilliseconds(new Random(step.Seed).Next(10, 150));
        foreach (var name in step.Services) lines.Slow(name, delay);
        count();
        try
        {
            await Task.Delay(step.Lasts, time, ct);
        }
        finally
        {
            foreach (var name in step.Services) lines.Slow(name, TimeSpan.Zero);
        }
    }
}
