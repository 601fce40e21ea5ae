using System.Diagnostics;
using Docker.DotNet.Models;
using DotNet.Testcontainers.Configurations;
using DotNet.Testcontainers.Containers;
using Npgsql;
using Xunit;

namespace BlueGreen.Testing.Containers;

/// <summary>
/// A server in a container of its own, to be used as an assembly, collection or class fixture. Where no engine answers
/// it stays unstarted, and every use of it skips the using test with the reason.
/// </summary>
public abstract class ContainerServer : IAsyncLifetime
{
    // Generous: a start next to other work on few cores; it is only ever waited for in full when the server is broken.
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private IContainer? _container;

    /// <summary>How long the last start took, readiness included.</summary>
    public TimeSpan StartedIn { get; private set; }

    /// <summary>The running container; skips the calling test where there is none.</summary>
    protected IContainer Container
    {
        get
        {
            ContainerEngine.Require();
            return _container ?? throw new InvalidOperationException("The fixture has not been initialised.");
        }
    }

    /// <summary>Creates and starts the container, unless no engine answers.</summary>
    public async ValueTask InitializeAsync()
    {
        if (ContainerEngine.SkipReason is not null)
            return;
        _container = Build();
        await StartAsync(CancellationToken.None);
    }

    /// <summary>Starts the server again after a stop or a kill, on the same port and data, and waits until it is ready.</summary>
    public async Task StartAsync(CancellationToken ct)
    {
        var started = Stopwatch.GetTimestamp();
        await Container.StartAsync(ct);
        await WaitUntilItAnswersAsync(started, ct);
        StartedIn = Stopwatch.GetElapsedTime(started);
    }

    /// <summary>Stops the server in an orderly way.</summary>
    public Task StopAsync(CancellationToken ct) => Container.StopAsync(ct);

    /// <summary>Ends the server at once, as <c>kill -9</c> or a power cut would.</summary>
    public async Task KillAsync(CancellationToken ct)
    {
        var engine = TestcontainersSettings.OS.DockerEndpointAuthConfig;
        using var client = engine.GetDockerClientBuilder().Build();
        await client.Containers.KillContainerAsync(Container.Id, new ContainerKillParameters(), ct);
        // Already dead; Testcontainers has to know too.
        await Container.StopAsync(ct);
    }

    /// <summary>
    /// The server's main process among this machine's; 0 while it does not run, or where the engine's processes are not this machine's.
    /// Changes with every start.
    /// </summary>
    public async Task<int> ProcessIdAsync(CancellationToken ct)
    {
        var engine = TestcontainersSettings.OS.DockerEndpointAuthConfig;
        using var client = engine.GetDockerClientBuilder().Build();
        var id = (int)(await client.Containers.InspectContainerAsync(Container.Id, ct)).State!.Pid;
        // Another machine's number may be anybody's here: only a process in this very container is the one.
        var groups = $"/proc/{id}/cgroup";
        return id > 1 && File.Exists(groups) && (await File.ReadAllTextAsync(groups, ct)).Contains(Container.Id, StringComparison.Ordinal) ? id : 0;
    }

    /// <summary>Processor time that the server has used since it was started, on all cores together.</summary>
    public async Task<TimeSpan> CpuTimeAsync(CancellationToken ct)
    {
        var engine = TestcontainersSettings.OS.DockerEndpointAuthConfig;
        using var client = engine.GetDockerClientBuilder().Build();
        var statistics = new TaskCompletionSource<ContainerStatsResponse>();
        await client.Containers.GetContainerStatsAsync(
            Container.Id, new ContainerStatsParameters { Stream = false, OneShot = true },
            new Progress<ContainerStatsResponse>(response => statistics.TrySetResult(response)), ct);
        // The engine counts nanoseconds.
        return TimeSpan.FromMicroseconds((await statistics.Task.WaitAsync(ct)).CPUStats!.CPUUsage!.TotalUsage / 1000.0);
    }

    /// <summary>Freezes the server: connections stay open and nothing answers.</summary>
    public Task PauseAsync(CancellationToken ct) => Container.PauseAsync(ct);

    /// <summary>Lets a frozen server go on.</summary>
    public Task UnpauseAsync(CancellationToken ct) => Container.UnpauseAsync(ct);

    /// <summary>Removes the container and its data.</summary>
    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_container is not null)
            await _container.DisposeAsync();
    }

    /// <summary>Describes the container to run.</summary>
    protected abstract IContainer Build();

    /// <summary>Asks the server, through its host port, for something only a ready one answers; throws when it does not.</summary>
    protected abstract Task AskAsync(CancellationToken ct);

    // The log cannot tell: after a restart the line that says "ready" may be the former start's.
    private async Task WaitUntilItAnswersAsync(long started, CancellationToken ct)
    {
        while (true)
        {
            try
            {
                await AskAsync(ct);
                return;
            }
            catch (Exception silence) when (silence is not OperationCanceledException && Stopwatch.GetElapsedTime(started) >= ReadyWithin)
            {
                var (output, errors) = await Container.GetLogsAsync(timestampsEnabled: false, ct: ct);
                throw new TimeoutException($"{GetType().Name} did not answer within {ReadyWithin}. Its log:\n{output}\n{errors}", silence);
            }
            catch (Exception silence) when (silence is HttpRequestException or IOException or NpgsqlException)
            {
                await Task.Delay(Pause, TimeProvider.System, ct);
            }
        }
    }

    /// <summary>A name that no other test uses, from one that people recognise.</summary>
    protected static string Unique(string name) => $"{name}_{Guid.NewGuid().ToString("N")[..8]}";
}
