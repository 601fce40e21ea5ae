using System.Diagnostics;
using System.Runtime.InteropServices;
using BlueGreen.Demo.Hosting;

namespace BlueGreen.Bench.Routing.Running;

/// <summary>A process of ours. Ours end when their standard input does, so they cannot outlive this one.</summary>
internal sealed partial class OwnProcess : IAsyncDisposable
{
    public const int Sigkill = 9;
    public const int Sigterm = 15;
    public const int Sigcont = 18;
    public const int Sigstop = 19;
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);
    private readonly Process _process;
    private readonly StreamWriter _log;

    private OwnProcess(string name, Process process, string log)
    {
        (Name, _process) = (name, process);
        _log = new StreamWriter(log, append: true) { AutoFlush = true };
        process.OutputDataReceived += (_, line) => Write(line.Data);
        process.ErrorDataReceived += (_, line) => Write(line.Data);
    }

    public string Name { get; }
    public int Id => _process.Id;
    public bool HasExited => _process.HasExited;

    /// <summary>Processor time used so far.</summary>
    public TimeSpan Cpu
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Starts one of the roles of <see cref="ServedProgram"/>.</summary>
    public static OwnProcess Serve(string role, string name, Uri address, IEnumerable<(string Key, string Value)> settings, string folder, params string[] more)
    {
        var host = Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";
        var start = new ProcessStartInfo(host, ["exec", typeof(OwnProcess).Assembly.Location, "serve", role, "--urls", address.AbsoluteUri, .. more]);
        foreach (var (key, value) in settings) start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        return Start(name, start, folder);
    }

    public static OwnProcess Start(string name, ProcessStartInfo start, string folder)
    {
        (start.WorkingDirectory, start.RedirectStandardInput) = (folder, true);
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        var started = new OwnProcess(name, new Process { StartInfo = start }, Path.Combine(folder, $"{name}.log"));
        started._process.Start();
        started._process.BeginOutputReadLine();
        started._process.BeginErrorReadLine();
        return started;
    }

    public static Uri Loopback() => new($"http://127.0.0.1:{LoopbackPort.Choose(0)}/");

    /// <summary>Returns when an address answers with success.</summary>
    /// <exception cref="InvalidOperationException">The process ended instead; its log says why.</exception>
    public async Task UntilAnswersAsync(Uri address, CancellationToken ct)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
        while (true)
        {
            if (_process.HasExited) throw new InvalidOperationException($"{Name} ended before it was ready.");
            try
            {
                using var answer = await http.GetAsync(address, ct);
                if (answer.IsSuccessStatusCode) return;
            }
            catch (Exception notYet) when (notYet is HttpRequestException or TaskCanceledException && !ct.IsCancellationRequested)
            {
                // It has not come up yet.
            }

            await Task.Delay(Poll, TimeProvider.System, ct);
        }
    }

    /// <summary>Sends a signal, unless it is gone.</summary>
    public void Signal(int signal)
    {
        if (!_process.HasExited) _ = Kill(_process.Id, signal);
    }

    public Task WaitAsync(CancellationToken ct) => _process.WaitForExitAsync(ct);

    public async ValueTask DisposeAsync()
    {
        Signal(Sigcont);
        _process.StandardInput.Close();
        Signal(Sigterm);
        using (var patience = new CancellationTokenSource(Grace))
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

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int processId, int signal);
}
