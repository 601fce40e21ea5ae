using System.Diagnostics;
using BlueGreen.Bench.Webhooks.Traffic;
using BlueGreen.Demo.Hosting;
using Npgsql;

namespace BlueGreen.Bench.Webhooks.Running;

/// <summary>One process of the registry listener, on a database and broker of its own.</summary>
internal sealed class ListenerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);
    private readonly Process _process;

    private ListenerProcess(Process process, Uri address) => (_process, Address) = (process, address);

    public Uri Address { get; }

    /// <summary>Processor time that it has used.</summary>
    public TimeSpan Cpu
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public static Dictionary<string, string?> Settings(string database, string? broker, string folder)
    {
        var settings = new Dictionary<string, string?>
        {
            ["BlueGreen:Database:Provider"] = "postgres",
            ["BlueGreen:Database:ConnectionString"] = database,
            ["BlueGreen:DataDirectory"] = folder,
            ["BlueGreen:Api:Token"] = "a-token-of-the-benchmark",
            ["Logging:LogLevel:BlueGreen"] = "Error",
        };
        if (broker is not null) (settings["BlueGreen:Bus:Transport"], settings["BlueGreen:Bus:Host"]) = ("rabbitmq", broker);
        foreach (var source in Samples.Sources)
        {
            settings[$"BlueGreen:RegistryListener:Sources:{source}:Secret"] = SentWebhook.SecretOf(source);
            if (source is "azureml" or "vertex" or "huggingface" or "wandb")
                settings[$"BlueGreen:RegistryListener:Sources:{source}:Artifact"] = "https://models.example/{model}/{version}.zip";
        }

        return settings;
    }

    public static async Task<ListenerProcess> StartAsync(IReadOnlyDictionary<string, string?> settings, string folder, CancellationToken ct)
    {
        var address = Loopback();
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            ArgumentList = { "exec", typeof(ListenerProcess).Assembly.Location, "serve", "--urls", address.AbsoluteUri },
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        foreach (var (key, value) in settings) start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        var process = Process.Start(start)!;
        process.BeginOutputReadLine();
        var listener = new ListenerProcess(process, address);
        await listener.UntilReadyAsync(ct);
        return listener;
    }

    /// <summary>Writes the endpoint's row as if its policy had been heard of.</summary>
    public static async Task AddEndpointAsync(string database, string name, CancellationToken ct)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand(
            "INSERT INTO registry_listener.endpoints (name, promotion_stage, registries, revision) VALUES ($1, $2, '[]', 1)");
        command.Parameters.Add(new() { Value = name });
        command.Parameters.Add(new() { Value = Samples.Stage });
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Ends it as a power cut would.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) await KillAsync();
        _process.Dispose();
    }

    private async Task UntilReadyAsync(CancellationToken ct)
    {
        using var http = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(2) };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(StartLimit);
        while (true)
        {
            if (_process.HasExited) throw new InvalidOperationException("The listener ended before it was ready.");
            try
            {
                using var response = await http.GetAsync(new Uri("health/ready", UriKind.Relative), limit.Token);
                if (response.IsSuccessStatusCode) return;
            }
            catch (Exception exception) when (exception is HttpRequestException || (exception is TaskCanceledException && !limit.IsCancellationRequested))
            {
                // Not listening yet.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, limit.Token);
        }
    }

    private static Uri Loopback() => new($"http://127.0.0.1:{LoopbackPort.Choose(0)}/");
}
