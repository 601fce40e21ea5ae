using BlueGreen.Platform.Hosting;
using BlueGreen.Rollback;
using BlueGreen.Router;

namespace BlueGreen.Bench.Routing.Running;

/// <summary>What runs as a process of its own: the shipped services as they are, and model servers that answer at once.</summary>
internal static class ServedProgram
{
    public const string Router = "router";
    public const string Rollback = "rollback";
    public const string Model = "model";

    /// <summary>Runs until asked to stop, or until whoever started it is gone: its end of the standard input closes then.</summary>
    public static async Task<int> RunAsync(string role, string[] args)
    {
        await using var host = role switch
        {
            Router => PlatformHost.Build(args, [new RouterService()]),
            Rollback => PlatformHost.Build(args, [new RollbackService()]),
            _ => ModelProgram.Build(args),
        };
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
