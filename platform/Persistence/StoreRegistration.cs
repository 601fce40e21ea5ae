using BlueGreen.Platform.Faults;
using BlueGreen.Platform.Messaging;
using BlueGreen.Platform.Rehearsing;
using BlueGreen.Platform.Work;
using MassTransit.Middleware;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace BlueGreen.Platform.Persistence;

/// <summary>Registers a service's tables and everything that works on them in the background.</summary>
public static class StoreRegistration
{
    /// <summary>Context, migrations at start-up, outbox dispatch, work loop, <see cref="IServiceStore{TDb}"/> and <see cref="IWorkQueue{TDb}"/>.</summary>
    /// <param name="builder">The host's builder.</param>
    /// <param name="service">The service's kebab-case name.</param>
    /// <param name="startsWithoutDatabase">
    /// True for a service that has something to do while the database server is down: the host starts, and the migrations follow when the
    /// server answers. The store fails until then. SQLite is a file, not a server: there the host never starts without it.
    /// </param>
    public static void AddServiceStore<TDb>(this IHostApplicationBuilder builder, string service, bool startsWithoutDatabase = false)
        where TDb : ServiceDbContext
    {
        var services = builder.Services;
        services.AddSingleton(new ServiceName<TDb>(service));
        services.AddSingleton(new DatabaseNeed<TDb>(IsNeededToStart: !startsWithoutDatabase));
        // The options are made once: made per scope they would cost every message more than its own queries do.
        services.AddDbContext<TDb>(
            (provider, options) => provider.GetRequiredService<DatabaseConnection>().Configure(options, service.Replace('-', '_')),
            optionsLifetime: ServiceLifetime.Singleton);
        services.AddSingleton<ServiceSignals<TDb>>();
        services.AddSingleton<IServiceStore<TDb>, ServiceStore<TDb>>();
        services.AddSingleton<IInboxIndex, InboxIndex<TDb>>();
        services.AddSingleton<WorkHandover<TDb>>();
        services.AddSingleton<WorkLeases<TDb>>();
        services.AddSingleton<WorkRunner<TDb>>();
        services.AddScoped<IWorkQueue<TDb>, WorkQueue<TDb>>();
        services.AddScoped<IOutboxContextFactory<TDb>, ConsumeTransaction<TDb>>();
        services.AddSingleton<FaultJournal<TDb>>();
        services.AddSingleton<DurableQueues<TDb>>();
        services.AddHostedService<DatabaseMigrator<TDb>>();
        services.AddHostedService<EmbeddedDelivery<TDb>>();
        services.AddHostedService<OutboxDispatcher<TDb>>();
        services.AddHostedService<WorkLoop<TDb>>();
        services.AddHostedService<DurabilityRetention<TDb>>();
        services.AddHostedService<SideQueueDrain<TDb>>();
        services.AddHostedService<DurabilityGauges<TDb>>();
        services.AddSingleton<DispatchHealth<TDb>>();
        services.AddHealthChecks().AddCheck<StoreHealthCheck<TDb>>($"{service}-store", tags: ["ready"])
            .AddCheck<DispatchHealth<TDb>>($"{service}-outbox", tags: ["ready"]);
        builder.AddRehearsal<TDb>();
    }

    /// <summary>Has <typeparamref name="THandler"/> do the work that <see cref="IWorkQueue{TDb}"/> is asked for.</summary>
    /// <param name="builder">The host's builder.</param>
    /// <param name="concurrency">Items of this kind that run at once in one process.</param>
    public static void AddWork<TDb, TCommand, THandler>(this IHostApplicationBuilder builder, int concurrency = 4)
        where TDb : ServiceDbContext
        where TCommand : class
        where THandler : class, IWorkHandler<TCommand>
    {
        builder.Services.AddScoped<THandler>();
        // By its port, for each store: what does the work can be exchanged without knowing it.
        builder.Services.AddKeyedScoped<IWorkHandler<TCommand>>(typeof(TDb), (provider, _) => provider.GetRequiredService<THandler>());
        builder.Services.AddSingleton(new WorkKind<TDb>(
            WorkKind.Of<TCommand>(), concurrency, (provider, command) => new WorkRun<TCommand>(
                provider.GetRequiredKeyedService<IWorkHandler<TCommand>>(typeof(TDb)),
                System.Text.Json.JsonSerializer.Deserialize<TCommand>(command, WorkKind.Json)
                    ?? throw new System.Text.Json.JsonException("The stored command is null."))));
    }
}
