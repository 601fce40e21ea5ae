using BlueGreen.Demo.Hosting;
using BlueGreen.Testing.Processes;

namespace BlueGreen.EndToEnd.Tests;

/// <summary>The seven services, each as a process of its own, on RabbitMQ and PostgreSQL.</summary>
internal static class SeparateProcesses
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(90);

    public static async Task<IRunningPlatform> StartAsync(
        string database, string broker, Installation installation, RunFolder folder, TimeProvider time, CancellationToken ct)
    {
        var backends = new ServiceBackends(database, broker);
        var platform = new PlatformProcesses(installation, folder, time, _ => backends, new Dictionary<string, string>());
        try
        {
            foreach (var service in ServiceProgram.All) platform.Start(service.Name);
            foreach (var service in ServiceProgram.All) await platform.UntilReadyAsync(service.Name, StartLimit, ct);
            return platform;
        }
        catch
        {
            await platform.DisposeAsync();
            throw;
        }
    }
}
