using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace BlueGreen.ModelServer.Serving;

/// <summary>Serves one model until the process is told to stop. Exit codes: 0 stopped, 1 model not loadable, 2 usage.</summary>
internal static class ServeCommand
{
    private const long MaxBodyBytes = 4 * 1024 * 1024;

    public static async Task<int> RunAsync(string[] args)
    {
        if (ServeArguments.Parse(args) is not { } arguments || !IPAddress.TryParse(arguments.Host, out var address))
        {
            await Console.Error.WriteLineAsync(ServeArguments.Usage);
            return 2;
        }

        await using var app = Build(arguments, address);
        await app.StartAsync();
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>();
        Console.WriteLine($"listening on {addresses?.Addresses.First()}");
        await app.WaitForShutdownAsync();
        return app.Services.GetRequiredService<ModelLoader>().Failed ? 1 : 0;
    }

    private static WebApplication Build(ServeArguments arguments, IPAddress address)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(address, arguments.Port);
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
        });
        builder.Services.AddSingleton(arguments);
        builder.Services.AddSingleton<ModelSlot>();
        builder.Services.AddSingleton<ModelLoader>();
        builder.Services.AddHostedService(services => services.GetRequiredService<ModelLoader>());
        var app = builder.Build();
        app.MapOpenInference();
        return app;
    }
}
