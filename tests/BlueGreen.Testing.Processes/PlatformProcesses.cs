using System.Diagnostics;
using BlueGreen.Demo.Hosting;

namespace BlueGreen.Testing.Processes;

/// <summary>The seven services, each as a process of its own that can be ended and started again on its address and data.</summary>
/// <param name="installation">Where the programs are.</param>
/// <param name="folder">Where data and logs go.</param>
/// <param name="time">The clock.</param>
/// <param name="backends">Database and broker of a service, by its name.</param>
/// <param name="settings">Further settings for all of them, as environment variables; they win over the usual ones.</param>
/// <param name="secondRouter">Whether there is a second router.</param>
internal sealed class PlatformProcesses(
    Installation installation, RunFolder folder, TimeProvider time, Func<string, ServiceBackends> backends,
    IReadOnlyDictionary<string, string> settings, bool secondRouter = false) : IRunningPlatform
{
    /// <summary>The name of the router's second process.</summary>
    public const string SecondRouter = "router-2";
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    private readonly Dictionary<string, Uri> _addresses = NamesOf(secondRouter).ToDictionary(name => name, _ => Loopback());
    private readonly Uri _secondInference = Loopback();
    private readonly Dictionary<string, ChildProcess> _running = [];
    private readonly Dictionary<string, int> _starts = [];

    /// <summary>Every process there can be.</summary>
    public IEnumerable<string> Names => _addresses.Keys;

    public Uri Inference { get; } = Loopback();
    public Uri Control => _addresses[ServiceProgram.Orchestrator];
    public Uri Webhooks => _addresses[ServiceProgram.RegistryListener];
    public Uri Alarms => _addresses[ServiceProgram.Rollback];
    public RunSecrets Secrets { get; } = RunSecrets.Create();

    /// <summary>Where a router's clients send their requests.</summary>
    public Uri InferenceOf(string router) => router == SecondRouter ? _secondInference : Inference;

    /// <summary>Starts a service that does not run.</summary>
    public void Start(string name)
    {
        var start = new ProcessStartInfo(installation.DotNet)
        {
            ArgumentList = { "exec", AssemblyOf(name), "--urls", _addresses[name].AbsoluteUri },
            WorkingDirectory = folder.Root,
        };
        foreach (var (key, value) in Configuration(name)) start.Environment[key] = value;
        if (secondRouter) start.Environment["BlueGreen__Services__RouterUrls__1"] = _addresses[SecondRouter].AbsoluteUri;
        foreach (var (key, value) in settings) start.Environment[key] = value;
        start.Environment[Leftovers.Variable] = folder.RunId;
        var process = ChildProcess.Start(start, LogOf(name), time);
        lock (_running) _running[name] = process;
    }

    /// <summary>Waits until a service says that it is ready.</summary>
    /// <exception cref="InvalidOperationException">It ended first; the message holds its last words.</exception>
    /// <exception cref="OperationCanceledException">It was not ready within <paramref name="limit"/>.</exception>
    public async Task UntilReadyAsync(string name, TimeSpan limit, CancellationToken ct)
    {
        using var http = new HttpClient { BaseAddress = _addresses[name], Timeout = TimeSpan.FromSeconds(2) };
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(limit);
        var process = ProcessOf(name);
        while (!await ReadyProbe.IsReadyAsync(http, patience.Token))
        {
            if (process.HasExited) throw new InvalidOperationException($"{name} ended before it was ready:\n{process.LastLines(20)}");
            await Task.Delay(Poll, time, patience.Token);
        }
    }

    public bool HasExited(string name) => ProcessOf(name).HasExited;

    /// <summary>The end of a service's log.</summary>
    public string LastLines(string name, int count) => ProcessOf(name).LastLines(count);

    /// <summary>Sends a signal to a service's process, if it runs.</summary>
    /// <param name="name">The service.</param>
    /// <param name="signal">Number, e.g. 9.</param>
    public void Signal(string name, int signal) => ProcessOf(name).Signal(signal);

    /// <summary>Returns when the service's process is gone.</summary>
    public Task WaitAsync(string name, CancellationToken ct) => ProcessOf(name).WaitAsync(ct);

    public async ValueTask DisposeAsync()
    {
        ChildProcess[] all;
        lock (_running) all = [.. _running.Values];
        await Task.WhenAll(all.Select(process => process.DisposeAsync().AsTask()));
    }

    private static IEnumerable<string> NamesOf(bool secondRouter) =>
        ServiceProgram.All.Select(service => service.Name).Concat(secondRouter ? [SecondRouter] : []);

    private static Uri Loopback() => new($"http://127.0.0.1:{LoopbackPort.Choose(0)}/");

    private ChildProcess ProcessOf(string name)
    {
        lock (_running) return _running[name];
    }

    /// <summary>A log of its own for every start: the first has the service's name alone.</summary>
    private string LogOf(string name)
    {
        lock (_running)
        {
            var start = _starts[name] = _starts.GetValueOrDefault(name) + 1;
            return Path.Combine(folder.Root, start == 1 ? $"{name}.log" : $"{name}.{start}.log");
        }
    }

    private string AssemblyOf(string name)
    {
        var program = name == SecondRouter ? ServiceProgram.Router : name;
        var project = ServiceProgram.All.Single(service => service.Name == program).Project;
        var own = Directory.GetParent(installation.Standalone)!;
        return Path.Combine(own.Parent!.Parent!.FullName, project, own.Name, $"{project}.dll");
    }

    private Dictionary<string, string> Configuration(string name)
    {
        var (database, broker) = backends(name);
        return new()
        {
            ["BlueGreen__Database__Provider"] = "postgres",
            ["BlueGreen__Database__ConnectionString"] = database,
            ["BlueGreen__Bus__Transport"] = "rabbitmq",
            ["BlueGreen__Bus__Host"] = broker,
            ["BlueGreen__DataDirectory"] = Path.Combine(folder.Root, "data", name),
            ["BlueGreen__Services__OrchestratorUrl"] = Control.AbsoluteUri,
            ["BlueGreen__Services__EnvManagerUrl"] = _addresses["env-manager"].AbsoluteUri,
            ["BlueGreen__Services__RouterUrls__0"] = _addresses[ServiceProgram.Router].AbsoluteUri,
            ["BlueGreen__Router__InferenceUrl"] = InferenceOf(name).AbsoluteUri,
            ["BlueGreen__Router__BreakGlassToken"] = Secrets.BreakGlassToken,
            ["BlueGreen__Api__Token"] = Secrets.OperatorToken,
            ["BlueGreen__RegistryListener__Sources__generic__Secret"] = Secrets.WebhookSecret,
            ["BlueGreen__Rollback__Sources__alertmanager__Token"] = Secrets.AlarmToken,
            ["BlueGreen__Rollback__Sources__generic__Token"] = Secrets.AlarmToken,
            ["BlueGreen__EnvManager__StopEnvironmentsOnShutdown"] = "true",
        };
    }
}
