using BlueGreen.EnvManager;
using BlueGreen.Orchestrator;
using BlueGreen.Platform.Hosting;
using BlueGreen.Prewarmer;
using BlueGreen.RegistryListener;
using BlueGreen.Rollback;
using BlueGreen.Router;
using BlueGreen.Validator;

namespace BlueGreen.Bench.Sagas.Instant;

/// <summary>One of the seven processes: the shipped service, except that its long work answers at once.</summary>
internal static class InstantProgram
{
    private static readonly IPlatformService[] All =
    [
        new OrchestratorService(), new RouterService(), new EnvManagerService(), new PrewarmerService(), new ValidatorService(),
        new RegistryListenerService(), new RollbackService(),
    ];

    public static IReadOnlyList<string> Names { get; } = [.. All.Select(service => service.Name)];

    /// <summary>Runs until asked to stop, or until whoever started it is gone: its end of the standard input closes then.</summary>
    public static async Task<int> RunAsync(string name, string[] args)
    {
        await using var host = PlatformHost.Build(args, [new InstantService(All.Single(service => service.Name == name))]);
        var lifetime = host.Services.GetRequiredService<IHostApplicationLifetime>();
        _ = Task.Run(async () =>
        {
            await Console.In.ReadToEndAsync();
            lifetime.StopApplication();
        });
        await host.RunAsync();
        return 0;
    }
}
