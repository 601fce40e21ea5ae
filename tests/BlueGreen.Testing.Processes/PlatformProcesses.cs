using BlueGreen.Demo.Hosting;

namespace BlueGreen.Testing.Processes;

/// <summary>The seven services, each as a process of its own that can be ended and started again on its address and data.</summary>
/// <param name="installation">Where the programs are.</param>
/// <param name="folder">Where data and logs go.</param>
/// <param name="time">The clock.</param>
/// <param name="backends">Database and broker of a service, by its name.</param>
/// <param name="settings">Further settings for all of them, as environment variables; they win over the usual ones.</param>
/// <param name="secondRouter">Whether there is a second router.</param>
/// <param name="seconds">Services that run twice, on one database.</param>
internal sealed class PlatformProcesses(
    Installation installation, RunFolder folder, TimeProvider time, Func<string, ServiceBackends> backends,
    IReadOnlyDictionary<string, string> settings, bool secondRouter = false, params IReadOnlyList<string> seconds) : IRunningPlatform
{
    /// <summary>The name of the router's second process.</summary>
    public const string SecondRouter = ServiceProgram.Router + Second;
    private const string Second = "-2";
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan ExitLimit = TimeSpan.FromSeconds(30);

    private readonly Dictionary<string, Uri> _addresses = NamesOf(secondRouter, seconds).ToDictionary(name => name, _ => Loopback());
    private readonly Uri _secondInference = Loopback();
    private readonly Dictionary<string, ServiceProcess> _running = [];
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
    /// <exception cref="InvalidOperationException">It runs.</exception>
    public void Start(string name)
    {
        var variables = Configuration(name);
        if (secondRouter) variables["BlueGreen__Services__RouterUrls__1"] = _addresses[SecondRouter].AbsoluteUri;
        foreach (var (key, value) in settings) variables[key] = value;
        variables[Leftovers.Variable] = folder.RunId;
        string[] command = [installation.DotNet, "exec", AssemblyOf(name), "--urls", _addresses[name].AbsoluteUri];
        lock (_running)
        {
            if (_running.TryGetValue(name, out var before) && !before.HasExited) throw new InvalidOperationException($"{name} runs already.");
            _running[name] = ServiceProcess.Start(command, variables, folder.Root, LogOf(name), time);
        }
    }

    /// <summary>Waits until a service says that it is ready.</summary>
    /// <exception cref="InvalidOperationException">It ended first; the message holds its last words.</exception>
    /// <exception cref="TimeoutException">It was not ready within <paramref name="limit"/>.</exception>
    public async Task UntilReadyAsync(string name, TimeSpan limit, CancellationToken ct)
    {
        using var http = new HttpClient { BaseAddress = _addresses[name], Timeout = TimeSpan.FromSeconds(2) };
        var begin = time.GetTimestamp();
        var process = ProcessOf(name);
        while (!await ReadyProbe.IsReadyAsync(http, ct))
        {
            if (process.HasExited) throw new InvalidOperationException($"{name} ended before it was ready:\n{process.LastLines(20)}");
            if (time.GetElapsedTime(begin) > limit)
                throw new TimeoutException($"{name} was not ready within {limit.TotalSeconds:0} s; its last words:\n{process.LastLines(20)}");
            await Task.Delay(Poll, time, ct);
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
    /// <exception cref="TimeoutException">It has been asked or killed, and stays.</exception>
    public Task WaitAsync(string name, CancellationToken ct) => ProcessOf(name).WaitAsync(ExitLimit, ct);

    public async ValueTask DisposeAsync()
    {
        ServiceProcess[] all;
        lock (_running) all = [.. _running.Values];
        await Task.WhenAll(all.Select(process => process.DisposeAsync().AsTask()));
    }

    /// <summary>Every process of a platform.</summary>
    /// <param name="secondRouter">Whether there is a second router.</param>
    /// <param name="seconds">Services that run twice.</param>
    public static IEnumerable<string> NamesOf(bool secondRouter, params IReadOnlyList<string> seconds) =>
        ServiceProgram.All.Select(service => service.Name).Concat(secondRouter ? [SecondRouter] : []).Concat(seconds.Select(name => name + Second));

    private static Uri Loopback() => new($"http://127.0.0.1:{LoopbackPort.Choose(0)}/");

    private ServiceProcess ProcessOf(string name)
    {
        lock (_running) return _running[name];
    }

    /// <summary>A log of its own for every start: the first has the service's name alone.</summary>
    private string LogOf(string name)
    {
        var start = _starts[name] = _starts.GetValueOrDefault(name) + 1;
        return Path.Combine(folder.Root, start == 1 ? $"{name}.log" : $"{name}.{start}.log");
    }

    private string AssemblyOf(string name)
    {
        var program = name.EndsWith(Second, StringComparison.Ordinal) ? name[..^Second.Length] : name;
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
