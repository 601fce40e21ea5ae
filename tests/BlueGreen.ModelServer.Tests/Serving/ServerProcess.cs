using System.Diagnostics;
using System.Net;
using BlueGreen.ModelServer.Models;

namespace BlueGreen.ModelServer.Serving;

/// <summary>A real server process on a port of the system's choice.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private const string Announcement = "listening on ";

    private readonly Process _process;

    private ServerProcess(Process process, Uri address) =>
        (_process, Client) = (process, new HttpClient { BaseAddress = address });

    public HttpClient Client { get; }

    public static Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(typeof(ServedModel).Assembly.Location);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }

    public static async Task<ServerProcess> ListenAsync(string model, CancellationToken ct)
    {
        var process = Start("--model", model, "--port", "0");
        var line = await process.StandardOutput.ReadLineAsync(ct);
        Assert.StartsWith(Announcement, line, StringComparison.Ordinal);
        return new ServerProcess(process, new Uri(line![Announcement.Length..]));
    }

    public static async Task<ServerProcess> ReadyAsync(string model, CancellationToken ct)
    {
        var server = await ListenAsync(model, ct);
        await server.WaitUntilReadyAsync(ct);
        return server;
    }

    public async Task WaitUntilReadyAsync(CancellationToken ct)
    {
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        do
        {
            using var answer = await Client.GetAsync("/v2/health/ready", ct);
            if (answer.StatusCode == HttpStatusCode.OK) return;
        }
        while (await pause.WaitForNextTickAsync(ct));
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
