using System.Diagnostics;
using System.Globalization;

namespace BlueGreen.Demo.Hosting;

/// <summary>The platform as one process of its own: SQLite, embedded bus, everything by configuration.</summary>
internal sealed class StandalonePlatform : IRunningPlatform
{
    private const int InferencePort = 8080;
    private const int ControlPort = 8081;
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    private readonly ChildProcess _process;

    private StandalonePlatform(ChildProcess process, Uri inference, Uri control, RunSecrets secrets)
    {
        _process = process;
        Inference = inference;
        Control = control;
        Secrets = secrets;
    }

    /// <inheritdoc/>
    public Uri Inference { get; }

    /// <summary>Webhooks, alarms, API, metrics: all at one address.</summary>
    public Uri Control { get; }

    /// <inheritdoc/>
    public Uri Webhooks => Control;

    /// <inheritdoc/>
    public Uri Alarms => Control;

    /// <inheritdoc/>
    public RunSecrets Secrets { get; }

    public string LogPath => _process.LogPath;

    /// <exception cref="DemoException">It ended, or was not ready in time; the message holds its last words.</exception>
    public static async Task<IRunningPlatform> StartAsync(
        Installation installation, RunFolder folder, TimeProvider time, CancellationToken ct)
    {
        var secrets = RunSecrets.Create();
        var inference = Loopback(LoopbackPort.Choose(InferencePort));
        var control = Loopback(LoopbackPort.Choose(ControlPort));
        var start = new ProcessStartInfo(installation.DotNet)
        {
            ArgumentList = { "exec", installation.Standalone, "--urls", control.AbsoluteUri },
            WorkingDirectory = folder.Root,
        };
        foreach (var (name, value) in Configuration(folder, inference, secrets)) start.Environment[name] = value;
        start.Environment[Leftovers.Variable] = folder.RunId;
        var platform = new StandalonePlatform(
            ChildProcess.Start(start, Path.Combine(folder.Root, "standalone.log"), time), inference, control, secrets);
        try
        {
            await platform.WaitUntilReadyAsync(time, ct);
            return platform;
        }
        catch
        {
            await platform.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static Dictionary<string, string> Configuration(RunFolder folder, Uri inference, RunSecrets secrets) => new()
    {
        ["BlueGreen__Database__Provider"] = "sqlite",
        ["BlueGreen__Database__ConnectionString"] = $"Data Source={Path.Combine(folder.Root, "bluegreen.db")}",
        ["BlueGreen__Bus__Transport"] = "embedded",
        ["BlueGreen__DataDirectory"] = Path.Combine(folder.Root, "data"),
        ["BlueGreen__Router__InferenceUrl"] = inference.AbsoluteUri,
        ["BlueGreen__Router__BreakGlassToken"] = secrets.BreakGlassToken,
        ["BlueGreen__Api__Token"] = secrets.OperatorToken,
        ["BlueGreen__RegistryListener__Sources__generic__Secret"] = secrets.WebhookSecret,
        ["BlueGreen__Rollback__Sources__alertmanager__Token"] = secrets.AlarmToken,
        ["BlueGreen__EnvManager__StopEnvironmentsOnShutdown"] = "true",
    };

    private static Uri Loopback(int port) => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/"));

    private async Task WaitUntilReadyAsync(TimeProvider time, CancellationToken ct)
    {
        using var http = new HttpClient { BaseAddress = Control, Timeout = TimeSpan.FromSeconds(2) };
        var begin = time.GetTimestamp();
        while (!await ReadyProbe.IsReadyAsync(http, ct))
        {
            if (_process.HasExited) throw new DemoException($"standalone ended before it was ready:\n{_process.LastLines(15)}");
            if (time.GetElapsedTime(begin) > StartDeadline)
            {
                throw new DemoException($"standalone was not ready within {StartDeadline.TotalSeconds:0} s:\n{_process.LastLines(15)}");
            }

            await Task.Delay(Poll, time, ct);
        }
    }
}
