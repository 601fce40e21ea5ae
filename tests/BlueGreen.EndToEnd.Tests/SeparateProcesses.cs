using BlueGreen.Demo.Hosting;
using BlueGreen.Testing.Processes;

namespace BlueGreen.EndToEnd.Tests;

/// <summary>The seven services, each as a process of its own or as two, on RabbitMQ and PostgreSQL.</summary>
internal static class SeparateProcesses
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(90);

    public static async Task<IRunningPlatform> StartAsync(
        string database, string broker, Installation installation, RunFolder folder, TimeProvider time, CancellationToken ct,
        params IReadOnlyList<string> twice)
    {
        var backends = new ServiceBackends(database, broker);
        var platform = new PlatformProcesses(installation, folder, time, _ => backends, new Dictionary<string, string>(), secondRouter: false, twice);
        try
        {
            foreach (var name in platform.Names) platform.Start(name);
            foreach (var name in platform.Names) await platform.UntilReadyAsync(name, StartLimit, ct);
            return platform;
        }
        catch
        {
            await platform.DisposeAsync();
            throw;
        }
    }
}
