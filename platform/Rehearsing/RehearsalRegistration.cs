using BlueGreen.Platform.Messaging;
using BlueGreen.Platform.Persistence;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace BlueGreen.Platform.Rehearsing;

internal static class RehearsalRegistration
{
    public static void AddRehearsal<TDb>(this IHostApplicationBuilder builder) where TDb : ServiceDbContext
    {
        builder.AddWork<TDb, RehearsalRequested, RehearsalHandler<TDb>>(concurrency: 1);
        builder.Services.AddSingleton(new PlatformConsumers(bus => bus.AddDurableConsumer<RehearsalConsumer<TDb>, TDb>()));
        builder.Services.AddHostedService<RehearsalStarter<TDb>>();
    }
}
