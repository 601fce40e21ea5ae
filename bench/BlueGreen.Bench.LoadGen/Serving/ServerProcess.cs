using System.Diagnostics;
using System.Net.Http.Json;

namespace BlueGreen.Bench.LoadGen.Serving;

/// <summary>The stalling server in a process of its own, on another core than the sender's.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly HttpClient _control;

    private ServerProcess(Process process, Uri address)
    {
        (_process, Address) = (process, address);
        _control = new HttpClient { BaseAddress = address };
    }

    public Uri Address { get; }

    public static async Task<ServerProcess> StartAsync(CancellationToken cancellationToken)
    {
        string[] command = ["dotnet", "exec", typeof(ServerProcess).Assembly.Location, "serve"];
        if (Environment.GetEnvironmentVariable("LOADGEN_SERVER_CORE") is { Length: > 0 } core) command = ["taskset", "-c", core, .. command];
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        var process = Process.Start(start)!;
        var address = await process.StandardOutput.ReadLineAsync(cancellationToken);
        return new(process, new Uri(address + "/"));
    }

    public Task StallAsync(TimeSpan length, CancellationToken cancellationToken) =>
        _control.PostAsync(new Uri($"stall?milliseconds={length.TotalMilliseconds}", UriKind.Relative), null, cancellationToken);

    public async Task<IReadOnlyList<Stall>> StallsAsync(CancellationToken cancellationToken) =>
        (await _control.GetFromJsonAsync<List<Stall>>("stalls", cancellationToken))!;

    public async ValueTask DisposeAsync()
    {
        _control.Dispose();
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
