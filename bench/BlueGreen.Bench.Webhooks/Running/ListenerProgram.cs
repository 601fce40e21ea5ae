using BlueGreen.Platform.Hosting;
using BlueGreen.RegistryListener;

namespace BlueGreen.Bench.Webhooks.Running;

/// <summary>The registry listener as it is shipped, in a process that ends when its standard input does.</summary>
internal static class ListenerProgram
{
    public static async Task<int> RunAsync(string[] args)
    {
        await using var app = PlatformHost.Build(args, [new RegistryListenerService()]);
        _ = Task.Run(async () =>
        {
            await Console.In.ReadToEndAsync();
            await app.StopAsync();
        });
        await app.RunAsync();
        return 0;
    }
}
