using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using BlueGreen.Demo.Hosting;

namespace BlueGreen.Alerting.Tests.Fixture;

/// <summary>A program that listens on a port of loopback; ended with the test.</summary>
internal sealed class SystemProcess : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private readonly Process _process;
    private readonly Lock _gate = new();
    private readonly Queue<string> _lastLines = new();

    private SystemProcess(Process process, int port) => (_process, Port) = (process, port);

    public int Port { get; }

    /// <summary>Starts it and waits until the port takes connections.</summary>
    public static async Task<SystemProcess> StartAsync(string program, string folder, int port, params IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(RealSystems.Find(program)!, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var running = new SystemProcess(new Process { StartInfo = start }, port);
        running._process.OutputDataReceived += (_, line) => running.Keep(line.Data);
        running._process.ErrorDataReceived += (_, line) => running.Keep(line.Data);
        running._process.Start();
        running._process.BeginOutputReadLine();
        running._process.BeginErrorReadLine();
        await running.ListensAsync();
        return running;
    }

    /// <summary>A port that nobody listens on at the moment.</summary>
    public static int FreePort() => LoopbackPort.Choose(0);

    public string Said()
    {
        lock (_gate) return string.Join('\n', _lastLines);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    private async Task ListensAsync()
    {
        await Eventually.BecomesTrueAsync(async () =>
        {
            if (_process.HasExited) Assert.Fail($"{_process.StartInfo.FileName} ended: {Said()}");
            using var client = new TcpClient();
            try
            {
                await client.ConnectAsync(IPAddress.Loopback, Port, TestContext.Current.CancellationToken);
                return true;
            }
            catch (SocketException)
            {
                return false;
            }
        }, Limit, Said);
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
