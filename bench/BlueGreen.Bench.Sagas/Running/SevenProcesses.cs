using System.Security.Cryptography;
using BlueGreen.Bench.Sagas.Instant;
using BlueGreen.Demo.Hosting;

namespace BlueGreen.Bench.Sagas.Running;

/// <summary>The platform as it is deployed: every service a process of its own.</summary>
internal sealed class SevenProcesses : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(3);
    private readonly List<ServiceProcess> _processes = [];

    public IReadOnlyList<ServiceProcess> All => _processes;

    /// <summary>Every token of this run.</summary>
    public static string Secret { get; } = RandomNumberGenerator.GetHexString(48, lowercase: true);

    public Uri AddressOf(string name) => _processes.Single(process => process.Name == name).Address;

    public static async Task<SevenProcesses> StartAsync(string database, string broker, string folder, CancellationToken ct)
    {
        var platform = new SevenProcesses();
        try
        {
            var addresses = InstantProgram.Names.ToDictionary(name => name, _ => Loopback());
            foreach (var (name, address) in addresses)
                platform._processes.Add(ServiceProcess.Start(name, address, Settings(name, addresses, database, broker, folder), folder));
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
            limit.CancelAfter(StartLimit);
            foreach (var process in platform._processes) await process.UntilReadyAsync(limit.Token);
            return platform;
        }
        catch
        {
            await platform.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync() => await Task.WhenAll(_processes.Select(process => process.DisposeAsync().AsTask()));

    private static Dictionary<string, string> Settings(
        string name, Dictionary<string, Uri> addresses, string database, string broker, string folder) => new()
        {
            ["BlueGreen__Database__Provider"] = "postgres",
            ["BlueGreen__Database__ConnectionString"] = database,
            ["BlueGreen__Bus__Transport"] = "rabbitmq",
            ["BlueGreen__Bus__Host"] = broker,
            ["BlueGreen__DataDirectory"] = Path.Combine(folder, "data", name),
            ["BlueGreen__Services__OrchestratorUrl"] = addresses["orchestrator"].AbsoluteUri,
            ["BlueGreen__Services__RouterUrls__0"] = addresses["router"].AbsoluteUri,
            ["BlueGreen__Router__InferenceUrl"] = "http://127.0.0.1:0",
            ["BlueGreen__Router__BreakGlassToken"] = Secret,
            ["BlueGreen__Api__Token"] = Secret,
            ["BlueGreen__RegistryListener__Sources__generic__Secret"] = Secret,
            ["BlueGreen__Rollback__Sources__generic__Token"] = Secret,
        };

    private static Uri Loopback() => new($"http://127.0.0.1:{LoopbackPort.Choose(0)}/");
}
