using BlueGreen.Contracts;
using BlueGreen.Orchestrator.Persistence;
using BlueGreen.Platform.Persistence;

namespace BlueGreen.Orchestrator.Hooks;

/// <summary>Registers what calls hooks.</summary>
internal static class HookRegistration
{
    public static void AddHooks(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<HookOptions>().BindConfiguration(HookOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        var options = builder.Configuration.GetSection(HookOptions.Section).Get<HookOptions>() ?? new();
        builder.Services.AddSingleton<HookClient>();
        builder.Services.AddHttpClient(HookClient.ClientName, client => client.Timeout = Timeout.InfiniteTimeSpan)
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                PooledConnectionLifetime = TimeSpan.FromMinutes(10),
            })
            .RemoveAllLoggers();
        builder.AddWork<OrchestratorDbContext, CallHooks, HookHandler>(options.Concurrency);
    }
}
