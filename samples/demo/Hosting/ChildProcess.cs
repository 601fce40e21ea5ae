using System.Diagnostics;
using System.Runtime.InteropServices;

namespace BlueGreen.Demo.Hosting;

/// <summary>A process of ours with its output in a file; asked to end first, killed when it does not.</summary>
internal sealed partial class ChildProcess : IAsyncDisposable
{
    private const int Sigterm = 15;
    private static readonly TimeSpan GracePeriod = TimeSpan.FromSeconds(15);

    private readonly Process _process;
    private readonly StreamWriter _log;
    private readonly TimeProvider _time;

    private ChildProcess(Process process, string logPath, TimeProvider time)
    {
        _process = process;
        _time = time;
        LogPath = logPath;
        _log = new StreamWriter(logPath) { AutoFlush = true };
        process.OutputDataReceived += (_, line) => Write(line.Data);
        process.ErrorDataReceived += (_, line) => Write(line.Data);
    }

    public string LogPath { get; }

    public bool HasExited => _process.HasExited;

    public static ChildProcess Start(ProcessStartInfo start, string logPath, TimeProvider time)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        var child = new ChildProcess(new Process { StartInfo = start }, logPath, time);
        child._process.Start();
        child._process.BeginOutputReadLine();
        child._process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Sends a signal, unless it is gone.</summary>
    /// <param name="signal">Number, e.g. 9.</param>
    public void Signal(int signal)
    {
        if (!_process.HasExited && !OperatingSystem.IsWindows()) _ = Kill(_process.Id, signal);
    }

    /// <summary>Its exit code.</summary>
    public async Task<int> WaitAsync(CancellationToken ct)
    {
        await _process.WaitForExitAsync(ct);
        return _process.ExitCode;
    }

    public string LastLines(int count)
    {
        lock (_log) _log.Flush();
        return string.Join(Environment.NewLine, File.ReadLines(LogPath).TakeLast(count));
    }

    public async ValueTask DisposeAsync()
    {
        Signal(Sigterm);
        using (var patience = new CancellationTokenSource(GracePeriod, _time))
        {
            try
            {
                await _process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill(entireProcessTree: true);
            }
        }

        _process.Dispose();
        lock (_log) _log.Dispose();
    }

    private void Write(string? line)
    {
        if (line is null) return;
        lock (_log)
        {
            if (_log.BaseStream is not null) _log.WriteLine(line);
        }
    }

    /// <summary>kill(2): 0 when the signal was sent.</summary>
    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    internal static partial int Kill(int processId, int signal);
}
