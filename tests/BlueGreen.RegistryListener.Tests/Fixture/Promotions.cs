using System.Collections.Concurrent;
using BlueGreen.Contracts;
using BlueGreen.Platform.Hosting;
using MassTransit;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace BlueGreen.RegistryListener.Tests.Fixture;

/// <summary>Stands where the saga would: hears which models were promoted.</summary>
internal sealed class Promotions : IPlatformService
{
    private readonly ConcurrentQueue<ModelPromoted> _heard = new();

    public string Name => "promotions";
    public IReadOnlyList<ModelPromoted> All => [.. _heard];

    public void AddServices(IHostApplicationBuilder builder) => builder.Services.AddSingleton(this);

    public void AddConsumers(IBusRegistrationConfigurator bus) => bus.AddConsumer<Listener>();

    public void MapEndpoints(IEndpointRouteBuilder endpoints)
    {
    }

    internal sealed class Listener(Promotions promotions) : IConsumer<ModelPromoted>
    {
        public Task Consume(ConsumeContext<ModelPromoted> context)
        {
            promotions._heard.Enqueue(context.Message);
            return Task.CompletedTask;
        }
    }
}
