using BlueGreen.Chaos.Playing;
using BlueGreen.Chaos.Proxies;
using BlueGreen.Chaos.Reporting;
using BlueGreen.Chaos.Scripts;

namespace BlueGreen.Chaos.Faults;

/// <summary>Carries out the faults of a script, one begun after the other; how long they last, they overlap.</summary>
internal sealed class FaultInjector(
    ServiceControl services, ServiceLines lines, ContainerFaults containers, MessageFaults messages, StateFeed states, HitsTable hits,
    Action<string> say, TimeProvider time)
{
    private const int Cuts = 3;

    public async Task PlayAsync(IReadOnlyList<FaultStep> steps, CancellationToken ct)
    {
        var underWay = new List<Task>();
        foreach (var step in steps)
        {
            await Task.Delay(step.After, time, ct);
            await states.WaitAsync(step.State, null, step.Patience, ct);
            underWay.Add(DoAsync(step, ct));
        }

        await Task.WhenAll(underWay);
    }

    private async Task DoAsync(FaultStep step, CancellationToken ct)
    {
        var counted = 0;
        await (step.Kind switch
        {
            FaultKind.Kill => Task.WhenAll(step.Services.Select(name => services.KillAsync(name, step.Lasts, Count, ct))),
            FaultKind.Pause => Task.WhenAll(step.Services.Select(name => services.PauseAsync(name, step.Lasts, Count, ct))),
            FaultKind.Cut => CutAsync(step, Count, ct),
            FaultKind.Delay => SlowAsync(step, Count, ct),
            FaultKind.Duplicate => messages.DuplicateAsync(step, Count, ct),
            FaultKind.Reorder => messages.ReorderAsync(step, Count, ct),
            _ => containers.DoAsync(step, Count, ct),
        });

        // Counted when it takes effect, once.
        void Count()
        {
            if (Interlocked.Exchange(ref counted, 1) == 1) return;
            var met = states.Active();
            hits.Add(step.Label, met);
            say($"{step.Label} [{string.Join(", ", step.Services)}] while {(met.Count == 0 ? "nothing is under way" : string.Join(", ", met))}");
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
