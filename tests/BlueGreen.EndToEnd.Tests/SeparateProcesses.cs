using System.Diagnostics;
using BlueGreen.Demo.Hosting;

namespace BlueGreen.EndToEnd.Tests;

/// <summary>The seven services, each as a process of its own, on RabbitMQ and PostgreSQL.</summary>
internal sealed class SeparateProcesses : IRunningPlatform
{
    private static readonly (string Name, string Project)[] Services =
    [
        ("orchestrator", "BlueGreen.Orchestrator"), ("router", "BlueGreen.Router"), ("env-manager", "BlueGreen.EnvManager"),
        ("prewarmer", "BlueGreen.Prewarmer"), ("validator", "BlueGreen.Validator"),
        ("registry-listener", "BlueGreen.RegistryListener"), ("rollback", "BlueGreen.Rollback"),
    ];

    private readonly Dictionary<string, Uri> _addresses = Services.ToDictionary(service => service.Name, _ => Loopback());
    private readonly List<ChildProcess> _processes = [];

    public Uri Inference { get; } = Loopback();
    public Uri Control => _addresses["orchestrator"];
    public Uri Webhooks => _addresses["registry-listener"];
    public Uri Alarms => _addresses["rollback"];
    public RunSecrets Secrets { get; } = RunSecrets.Create();

    public static async Task<IRunningPlatform> StartAsync(
        string database, string broker, Installation installation, RunFolder folder, TimeProvider time, CancellationToken ct)
    {
        var platform = new SeparateProcesses();
        try
        {
            foreach (var (name, project) in Services) platform.Start(name, project, database, broker, installation, folder, time);
            foreach (var (name, _) in Services) await platform.UntilReadyAsync(name, time, ct);
            return platform;
        }
        catch
        {
            await platform.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync() => await Task.WhenAll(_processes.Select(process => process.DisposeAsync().AsTask()));

    private void Start(
        string name, string project, string database, string broker, Installation installation, RunFolder folder, TimeProvider time)
    {
        var bin = Directory.GetParent(Path.GetDirectoryName(installation.Standalone)!)!.Parent!;
        var configuration = Path.GetFileName(Path.GetDirectoryName(installation.Standalone)!);
        var start = new ProcessStartInfo(installation.DotNet)
        {
            ArgumentList =
            {
                "exec", Path.Combine(bin.FullName, project, configuration, $"{project}.dll"), "--urls", _addresses[name].AbsoluteUri,
            },
            WorkingDirectory = folder.Root,
        };
        foreach (var (key, value) in Configuration(name, database, broker, folder)) start.Environment[key] = value;
        start.Environment[Leftovers.Variable] = folder.RunId;
        _processes.Add(ChildProcess.Start(start, Path.Combine(folder.Root, $"{name}.log"), time));
    }

    private Dictionary<string, string> Configuration(string name, string database, string broker, RunFolder folder) => new()
    {
        ["BlueGreen__Database__Provider"] = "postgres",
        ["BlueGreen__Database__ConnectionString"] = database,
        ["BlueGreen__Bus__Transport"] = "rabbitmq",
        ["BlueGreen__Bus__Host"] = broker,
        ["BlueGreen__DataDirectory"] = Path.Combine(folder.Root, "data", name),
        ["BlueGreen__Services__OrchestratorUrl"] = Control.AbsoluteUri,
        ["BlueGreen__Services__RouterUrls__0"] = _addresses["router"].AbsoluteUri,
        ["BlueGreen__Router__InferenceUrl"] = Inference.AbsoluteUri,
        ["BlueGreen__Router__BreakGlassToken"] = Secrets.BreakGlassToken,
        ["BlueGreen__Api__Token"] = Secrets.OperatorToken,
        ["BlueGreen__RegistryListener__Sources__generic__Secret"] = Secrets.WebhookSecret,
        ["BlueGreen__Rollback__Sources__alertmanager__Token"] = Secrets.AlarmToken,
        ["BlueGreen__EnvManager__StopEnvironmentsOnShutdown"] = "true",
    };

    private async Task UntilReadyAsync(string name, TimeProvider time, CancellationToken ct)
    {
        using var http = new HttpClient { BaseAddress = _addresses[name], Timeout = TimeSpan.FromSeconds(2) };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(TimeSpan.FromSeconds(90));
        var process = _processes[Array.FindIndex(Services, service => service.Name == name)];
        while (!await ReadyProbe.IsReadyAsync(http, limit.Token))
        {
            if (process.HasExited) throw new InvalidOperationException($"{name} ended before it was ready:\n{process.LastLines(20)}");
            await Task.Delay(TimeSpan.FromMilliseconds(100), time, limit.Token);
        }
    }

    private static Uri Loopback() => new($"http://127.0.0.1:{LoopbackPort.Choose(0)}/");
}
