using System.Collections.Concurrent;
using BlueGreen.Chaos.Evidence;
using BlueGreen.Chaos.Waiting;
using BlueGreen.Demo.Load;
using BlueGreen.Testing.Processes;

namespace BlueGreen.Chaos.Faults;

/// <summary>Kills, pauses and restarts services, and is their supervisor: what ends by itself is started again, and noted.</summary>
internal sealed class ServiceControl(PlatformProcesses processes, Waits waits, RunClock clock)
{
    private const int Sigkill = 9;
    private const int Sigcont = 18;
    private const int Sigstop = 19;

    /// <summary>A start beside other work on few cores, that may have to wait for the broker or the database to be started, too.</summary>
    private static readonly TimeSpan ReadyLimit = TimeSpan.FromSeconds(150);
    private static readonly TimeSpan TurnLimit = TimeSpan.FromSeconds(180);
    private static readonly TimeSpan SuperviseInterval = TimeSpan.FromMilliseconds(500);

    private readonly Dictionary<string, SemaphoreSlim> _turns = processes.Names.ToDictionary(name => name, _ => new SemaphoreSlim(1));

    /// <summary>When a router was down or stood still by our doing.</summary>
    public ConcurrentQueue<Outage> RouterOutages { get; } = [];

    /// <summary>Processes that ended without having been killed.</summary>
    public ConcurrentQueue<string> Crashes { get; } = [];

    /// <summary>Kills a service and starts it again; returns when it is ready.</summary>
    /// <param name="name">The service.</param>
    /// <param name="lasts">How long it stays down.</param>
    /// <param name="killed">Called once it has been killed.</param>
    /// <param name="ct">Ends the wait for its readiness.</param>
    public Task KillAsync(string name, TimeSpan lasts, Action killed, CancellationToken ct) => InTurnAsync(name, async () =>
    {
        var outage = Begin(name, isDown: true);
        processes.Signal(name, Sigkill);
        killed();
        await processes.WaitAsync(name, ct);
        await Task.Delay(lasts, clock.Time, ct);
        processes.Start(name);
        await UntilReadyAsync(name, ct);
        outage.To = clock.Now;
    }, ct);

    public Task PauseAsync(string name, TimeSpan lasts, Action paused, CancellationToken ct) => InTurnAsync(name, async () =>
    {
        var outage = Begin(name, isDown: false);
        try
        {
            processes.Signal(name, Sigstop);
            paused();
            await Task.Delay(lasts, clock.Time, ct);
        }
        finally
        {
            processes.Signal(name, Sigcont);
            outage.To = clock.Now;
        }
    }, ct);

    /// <summary>Starts again what ended by itself, until cancelled; whatever goes wrong with one start, it goes on with the next look.</summary>
    public async Task SuperviseAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            foreach (var name in processes.Names)
            {
                // Whoever has the turn looks after it.
                if (!await _turns[name].WaitAsync(TimeSpan.Zero, CancellationToken.None)) continue;
                try
                {
                    RestartIfEnded(name);
                }
                catch (Exception failure)
                {
                    Crashes.Enqueue($"{name} could not be started again: {failure.Message}");
                }
                finally
                {
                    _turns[name].Release();
                }
            }

            await Task.Delay(SuperviseInterval, clock.Time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Returns when every service is ready.</summary>
    public Task HealAsync(CancellationToken ct) => Task.WhenAll(processes.Names.Select(name => InTurnAsync(name, () =>
    {
        processes.Signal(name, Sigcont);
        return UntilReadyAsync(name, ct);
    }, ct)));

    /// <summary>The ends of the logs of the services that the queues are of.</summary>
    public IEnumerable<string> LastWordsOf(IReadOnlyCollection<string> queues) => processes.Names
        .Where(name => queues.Any(queue => queue.StartsWith($"{name}-", StringComparison.Ordinal)))
        .Select(name => $"{name}'s last words:{Environment.NewLine}{processes.LastLines(name, 30)}");

    /// <summary>Ends everything at once: what is left of a run is not worth a good-bye.</summary>
    public void KillAll()
    {
        foreach (var name in processes.Names) processes.Signal(name, Sigkill);
    }

    private async Task InTurnAsync(string name, Func<Task> action, CancellationToken ct)
    {
        await waits.ForAsync($"the turn of {name}", TurnLimit, token => _turns[name].WaitAsync(token), ct);
        try
        {
            await action();
        }
        finally
        {
            _turns[name].Release();
        }
    }

    private Outage Begin(string name, bool isDown)
    {
        var outage = new Outage { Router = name, From = clock.Now, IsDown = isDown };
        if (name is ServiceProgram.Router or PlatformProcesses.SecondRouter) RouterOutages.Enqueue(outage);
        return outage;
    }

    private Task UntilReadyAsync(string name, CancellationToken ct) => waits.ForAsync($"{name} to be ready", ReadyLimit, async token =>
    {
        while (true)
        {
            try
            {
                await processes.UntilReadyAsync(name, ReadyLimit, token);
                return;
            }
            catch (InvalidOperationException) when (processes.HasExited(name))
            {
                RestartIfEnded(name);
            }
        }
    }, ct);

    private void RestartIfEnded(string name)
    {
        if (!processes.HasExited(name)) return;
        Crashes.Enqueue($"{name} ended by itself at {clock.Now / 1e6:0.0} s: {Cause(name)}");
        processes.Start(name);
    }

    /// <summary>The first line of the exception that it died of, or its last line.</summary>
    private string Cause(string name)
    {
        var lines = processes.LastLines(name, 60).Split(Environment.NewLine);
        return (lines.LastOrDefault(line => line.Contains("Exception:", StringComparison.Ordinal)) ?? lines.LastOrDefault() ?? "-").Trim();
    }
}
