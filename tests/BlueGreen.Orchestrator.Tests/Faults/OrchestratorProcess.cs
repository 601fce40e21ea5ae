using System.Diagnostics;
using System.Net.Http.Headers;
using BlueGreen.Demo.Hosting;
using BlueGreen.Orchestrator.Tests.Deployments.Fixture;

namespace BlueGreen.Orchestrator.Tests.Faults;

/// <summary>The orchestrator as a process of its own, which can be killed.</summary>
internal sealed class OrchestratorProcess : IDisposable
{
    private readonly Process _process;

    private OrchestratorProcess(Process process, Uri address)
    {
        _process = process;
        Operator = new HttpClient { BaseAddress = new Uri(address, "api/v1/") };
        Operator.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", SagaHost.Token);
    }

    public HttpClient Operator { get; }

    public static async Task<OrchestratorProcess> StartAsync(IReadOnlyDictionary<string, string?> settings)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort()}/");
        var program = Path.GetFullPath(Path.Combine(
            AppContext.BaseDirectory, "..", "..", "BlueGreen.Orchestrator", new DirectoryInfo(AppContext.BaseDirectory).Name, "BlueGreen.Orchestrator.dll"));
        var start = new ProcessStartInfo("dotnet", ["exec", program, "--urls", address.AbsoluteUri])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (key, value) in settings) start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var running = new OrchestratorProcess(process, address);
        await SagaHost.UntilAsync(() => running.IsReadyAsync(new Uri(address, "health/ready")));
        return running;
    }

    /// <summary>As <c>kill -9</c> does.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
        Operator.Dispose();
    }

    private async Task<bool> IsReadyAsync(Uri ready)
    {
        Assert.False(_process.HasExited, "The orchestrator ended.");
        try
        {
            using var response = await Operator.GetAsync(ready, TestContext.Current.CancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static int FreePort() => LoopbackPort.Choose(0);
}
