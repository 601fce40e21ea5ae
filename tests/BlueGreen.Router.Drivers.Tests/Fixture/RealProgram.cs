using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using BlueGreen.Demo.Hosting;

namespace BlueGreen.Router.Drivers.Tests.Fixture;

/// <summary>A program that listens on a port of loopback; ended with the test.</summary>
internal sealed class RealProgram : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Lock _gate = new();
    private readonly Queue<string> _lastLines = new();
    private bool _isEnded;

    private RealProgram(Process process) => _process = process;

    public static async Task<RealProgram> StartAsync(string program, string folder, int port, params IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(RealPrograms.Require(program), arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var running = new RealProgram(new Process { StartInfo = start });
        running._process.OutputDataReceived += (_, line) => running.Keep(line.Data);
        running._process.ErrorDataReceived += (_, line) => running.Keep(line.Data);
        running._process.Start();
        running._process.BeginOutputReadLine();
        running._process.BeginErrorReadLine();
        await Until.TrueAsync(() => running.ListensAsync(port), () => $"{program} does not listen: {running.Said()}");
        return running;
    }

    /// <summary>A port that nobody listens on at the moment.</summary>
    public static int FreePort() => LoopbackPort.Choose(0);

    public string Said()
    {
        lock (_gate) return string.Join('\n', _lastLines);
    }

    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", ["-s", signal, _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_isEnded) return;
        _isEnded = true;
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    private async Task<bool> ListensAsync(int port)
    {
        if (_process.HasExited) Assert.Fail($"{_process.StartInfo.FileName} ended: {Said()}");
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private void Keep(string? line)
    {
        if (line is null) return;
        lock (_gate)
        {
            _lastLines.Enqueue(line);
            if (_lastLines.Count > 50) _lastLines.Dequeue();
        }
    }
}
