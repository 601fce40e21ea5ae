using MassTransit;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace BlueGreen.Platform.Hosting;

/// <summary>
/// One service of the platform, as its own process or beside the others in one: <see cref="PlatformHost"/> gives it the same
/// container, bus and web server either way.
/// </summary>
public interface IPlatformService
{
    /// <summary>Kebab-case name, e.g. <c>env-manager</c>: prefix of its queues, name of its schema.</summary>
    string Name { get; }

    /// <summary>Whether clients' requests go through it: then its process is never ended for the sake of its queues.</summary>
    bool CarriesRequests => false;

    /// <summary>Registers options, store, work handlers and background services.</summary>
    void AddServices(IHostApplicationBuilder builder);

    /// <summary>Registers consumers (and the saga) with the bus.</summary>
    void AddConsumers(IBusRegistrationConfigurator bus);

    /// <summary>Maps the service's control surface; the inference data plane listens elsewhere.</summary>
    void MapEndpoints(IEndpointRouteBuilder endpoints);
}
