using BlueGreen.Contracts;
using BlueGreen.Platform.Hosting;
using BlueGreen.Platform.Work;
using MassTransit;

namespace BlueGreen.Bench.Sagas.Instant;

/// <summary>A shipped service whose fleets, requests and watches cost nothing, so that what remains is the platform's own.</summary>
internal sealed class InstantService(IPlatformService shipped) : IPlatformService
{
    private static readonly Dictionary<Type, Type> Handlers = new()
    {
        [typeof(IWorkHandler<ProvisionEnvironment>)] = typeof(InstantProvisioning),
        [typeof(IWorkHandler<WarmEnvironment>)] = typeof(InstantWarming),
        [typeof(IWorkHandler<ValidateEnvironment>)] = typeof(InstantValidation),
        [typeof(IWorkHandler<BeginBaking>)] = typeof(InstantBaking),
        [typeof(IWorkHandler<DecommissionEnvironment>)] = typeof(InstantDecommissioning),
    };

    public string Name => shipped.Name;

    public void AddServices(IHostApplicationBuilder builder)
    {
        shipped.AddServices(builder);
        var services = builder.Services;
        for (var i = 0; i < services.Count; i++)
        {
            if (services[i] is { IsKeyedService: true } registered && Handlers.TryGetValue(registered.ServiceType, out var instant))
                services[i] = new ServiceDescriptor(registered.ServiceType, registered.ServiceKey, instant, ServiceLifetime.Scoped);
        }
    }

    public void AddConsumers(IBusRegistrationConfigurator bus) => shipped.AddConsumers(bus);

    /// <summary>Besides, every process answers as a ready replica does: the router looks after standbys.</summary>
    public void MapEndpoints(IEndpointRouteBuilder endpoints)
    {
        shipped.MapEndpoints(endpoints);
        endpoints.MapGet("/v2/health/ready", () => Results.Ok());
    }
}
