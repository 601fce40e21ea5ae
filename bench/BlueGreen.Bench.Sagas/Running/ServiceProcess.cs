using System.Diagnostics;
using BlueGreen.Demo.Hosting;

namespace BlueGreen.Bench.Sagas.Running;

/// <summary>One service's process. It ends when its standard input does, so it cannot outlive this one.</summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);
    private readonly Process _process;
    private readonly StreamWriter _log;

    private ServiceProcess(string name, Uri address, Process process, string log)
    {
        (Name, Address, _process) = (name, address, process);
        _log = new StreamWriter(log) { AutoFlush = true };
        process.OutputDataReceived += (_, line) => Write(line.Data);
        process.ErrorDataReceived += (_, line) => Write(line.Data);
    }

    public string Name { get; }
    public Uri Address { get; }

    /// <summary>Processor time used so far; what it used last when it has ended.</summary>
    public TimeSpan Cpu
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public static ServiceProcess Start(string name, Uri address, IReadOnlyDictionary<string, string> settings, string folder)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            ArgumentList = { "exec", typeof(ServiceProcess).Assembly.Location, "serve", name, "--urls", address.AbsoluteUri },
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (key, value) in settings) start.Environment[key] = value;
        var started = new ServiceProcess(name, address, new Process { StartInfo = start }, Path.Combine(folder, $"{name}.log"));
        started._process.Start();
        started._process.BeginOutputReadLine();
        started._process.BeginErrorReadLine();
        return started;
    }

    /// <exception cref="InvalidOperationException">It ended instead; its log says why.</exception>
    public async Task UntilReadyAsync(CancellationToken ct)
    {
        using var http = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(2) };
        while (!await ReadyProbe.IsReadyAsync(http, ct))
        {
            if (_process.HasExited) throw new InvalidOperationException($"{Name} ended before it was ready.");
            await Task.Delay(Poll, TimeProvider.System, ct);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
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
}
