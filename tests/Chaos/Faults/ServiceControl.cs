using System.Collections.Concurrent;
using BlueGreen.Chaos.Evidence;
using BlueGreen.Demo.Load;
using BlueGreen.Testing.Processes;

namespace BlueGreen.Chaos.Faults;

/// <summary>Kills, pauses and restarts services, and is their supervisor: what ends by itself is started again, and noted.</summary>
internal sealed class ServiceControl(PlatformProcesses processes, RunClock clock)
{
    private const int Sigkill = 9;
    private const int Sigcont = 18;
    private const int Sigstop = 19;
    private static readonly TimeSpan ReadyLimit = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan SuperviseInterval = TimeSpan.FromMilliseconds(500);

    private readonly Dictionary<string, SemaphoreSlim> _turns =
        ServiceProgram.All.ToDictionary(service => service.Name, _ => new SemaphoreSlim(1));

    /// <summary>When the router was down by our doing.</summary>
    public ConcurrentQueue<Outage> RouterOutages { get; } = [];

    /// <summary>Processes that ended without having been killed.</summary>
    public ConcurrentQueue<string> Crashes { get; } = [];

    /// <summary>Kills a service and starts it again; returns when it is ready.</summary>
    /// <param name="name">The service.</param>
    /// <param name="lasts">How long it stays down.</param>
    /// <param name="killed">Called once it has been killed.</param>
    /// <param name="ct">Ends the wait for its readiness.</param>
    public async Task KillAsync(string name, TimeSpan lasts, Action killed, CancellationToken ct)
    {
        await _turns[name].WaitAsync(ct);
        try
        {
            var outage = new Outage { From = clock.Now };
            if (name == ServiceProgram.Router) RouterOutages.Enqueue(outage);
            processes.Signal(name, Sigkill);
            killed();
            await processes.WaitAsync(name, ct);
            await Task.Delay(lasts, clock.Time, ct);
            processes.Start(name);
            await UntilReadyAsync(name, ct);
            outage.To = clock.Now;
        }
        finally
        {
            _turns[name].Release();
        }
    }

    public async Task PauseAsync(string name, TimeSpan lasts, Action paused, CancellationToken ct)
    {
        await _turns[name].WaitAsync(ct);
        try
        {
            processes.Signal(name, Sigstop);
            paused();
            await Task.Delay(lasts, clock.Time, ct);
        }
        finally
        {
            processes.Signal(name, Sigcont);
            _turns[name].Release();
        }
    }

    /// <summary>Starts again what ended by itself, until cancelled.</summary>
    public async Task SuperviseAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            foreach (var (name, _) in ServiceProgram.All)
            {
                if (!await _turns[name].WaitAsync(TimeSpan.Zero, CancellationToken.None)) continue;
                try
                {
                    RestartIfEnded(name);
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
    public async Task HealAsync(CancellationToken ct)
    {
        foreach (var (name, _) in ServiceProgram.All)
        {
            await _turns[name].WaitAsync(ct);
            try
            {
                processes.Signal(name, Sigcont);
                await UntilReadyAsync(name, ct);
            }
            finally
            {
                _turns[name].Release();
            }
        }
    }

    /// <summary>Ends everything at once: what is left of a run is not worth a good-bye.</summary>
    public void KillAll()
    {
        foreach (var (name, _) in ServiceProgram.All) processes.Signal(name, Sigkill);
    }

    private async Task UntilReadyAsync(string name, CancellationToken ct)
    {
        while (true)
        {
            try
            {
                await processes.UntilReadyAsync(name, ReadyLimit, ct);
                return;
            }
            catch (InvalidOperationException) when (processes.HasExited(name))
            {
                RestartIfEnded(name);
            }
        }
    }

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
