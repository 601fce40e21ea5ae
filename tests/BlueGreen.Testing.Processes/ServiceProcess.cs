using System.Diagnostics;
using System.Globalization;
using BlueGreen.Demo.Hosting;

namespace BlueGreen.Testing.Processes;

/// <summary>
/// A service's process, whose output goes straight into its log: no pipe is between them, so that neither a busy harness holds the service
/// up, nor does whoever inherited the pipe's other end keep the harness from seeing that the process is gone.
/// </summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    private const int Sigterm = 15;
    private const int Sigkill = 9;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan GracePeriod = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan KillLimit = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly string _log;
    private readonly TimeProvider _time;

    private ServiceProcess(Process process, string log, TimeProvider time) => (_process, _log, _time) = (process, log, time);

    public bool HasExited => _process.HasExited || StateOf(_process.Id) is null or 'Z' or 'X';

    /// <param name="command">Program and arguments.</param>
    /// <param name="variables">Added to the environment.</param>
    /// <param name="folder">Where it runs.</param>
    /// <param name="log">The file that its output goes to.</param>
    /// <param name="time">The clock.</param>
    public static ServiceProcess Start(
        IEnumerable<string> command, IEnumerable<KeyValuePair<string, string>> variables, string folder, string log, TimeProvider time)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", "log=\"$1\"; shift; exec \"$@\" >\"$log\" 2>&1 </dev/null", "sh", log, .. command])
        {
            WorkingDirectory = folder,
        };
        foreach (var (name, value) in variables) start.Environment[name] = value;
        return new ServiceProcess(Process.Start(start)!, log, time);
    }

    /// <summary>Sends a signal, unless it is gone.</summary>
    /// <param name="signal">Number, e.g. 9.</param>
    public void Signal(int signal)
    {
        if (!HasExited) _ = ChildProcess.Kill(_process.Id, signal);
    }

    /// <summary>Returns when it is gone.</summary>
    /// <exception cref="TimeoutException">It was not within <paramref name="limit"/>; the message says what it is doing instead.</exception>
    public async Task WaitAsync(TimeSpan limit, CancellationToken ct)
    {
        var begin = _time.GetTimestamp();
        while (!HasExited)
        {
            if (_time.GetElapsedTime(begin) > limit)
                throw new TimeoutException($"Process {_process.Id} (state {StateOf(_process.Id)}, log {_log}) did not end within {limit.TotalSeconds:0} s.");
            await Task.Delay(Poll, _time, ct);
        }
    }

    /// <summary>The end of its log.</summary>
    public string LastLines(int count) =>
        File.Exists(_log) ? string.Join(Environment.NewLine, File.ReadLines(_log).TakeLast(count)) : "";

    public async ValueTask DisposeAsync()
    {
        Signal(Sigterm);
        try
        {
            await WaitAsync(GracePeriod, CancellationToken.None);
        }
        catch (TimeoutException)
        {
            Signal(Sigkill);
            await WaitAsync(KillLimit, CancellationToken.None);
        }

        _process.Dispose();
    }

    /// <summary>The third field of proc(5)'s <c>stat</c>, behind the name in parentheses; null: there is no such process.</summary>
    private static char? StateOf(int id)
    {
        try
        {
            var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/stat"));
            return stat[stat.LastIndexOf(')') + 2];
        }
        catch (IOException)
        {
            return null;
        }
    }
}
