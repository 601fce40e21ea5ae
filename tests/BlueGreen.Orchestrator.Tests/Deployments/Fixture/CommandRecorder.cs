using System.Collections.Concurrent;
using BlueGreen.Contracts;
using BlueGreen.Platform.Hosting;
using MassTransit;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace BlueGreen.Orchestrator.Tests.Deployments.Fixture;

/// <summary>What the saga said, in order.</summary>
internal sealed class Transcript
{
    private readonly ConcurrentQueue<object> _messages = new();

    public IReadOnlyList<object> Messages => [.. _messages];

    public void Add(object message) => _messages.Enqueue(message);

    public IEnumerable<T> Of<T>(Guid deployment) where T : IDeploymentMessage =>
        _messages.OfType<T>().Where(message => message.DeploymentId == deployment);
}

internal sealed class Recorder<T>(Transcript transcript) : IConsumer<T> where T : class
{
    public Task Consume(ConsumeContext<T> context)
    {
        transcript.Add(context.Message);
        return Task.CompletedTask;
    }
}

/// <summary>Stands where the other services are and only listens.</summary>
internal sealed class ListeningService(Transcript transcript) : IPlatformService
{
    public string Name => "listening";

    public void AddServices(IHostApplicationBuilder builder) => builder.Services.AddSingleton(transcript);

    public void AddConsumers(IBusRegistrationConfigurator bus)
    {
        bus.AddConsumer<Recorder<ProvisionEnvironment>>().Endpoint(e => e.Name = "l-provision");
        bus.AddConsumer<Recorder<WarmEnvironment>>().Endpoint(e => e.Name = "l-warm");
        bus.AddConsumer<Recorder<ValidateEnvironment>>().Endpoint(e => e.Name = "l-validate");
        bus.AddConsumer<Recorder<SwitchTraffic>>().Endpoint(e => e.Name = "l-switch");
        bus.AddConsumer<Recorder<BeginBaking>>().Endpoint(e => e.Name = "l-bake");
        bus.AddConsumer<Recorder<ReleaseStandby>>().Endpoint(e => e.Name = "l-release");
        bus.AddConsumer<Recorder<DecommissionEnvironment>>().Endpoint(e => e.Name = "l-decommission");
        bus.AddConsumer<Recorder<QuarantineEnvironment>>().Endpoint(e => e.Name = "l-quarantine");
        bus.AddConsumer<Recorder<RollbackRequested>>().Endpoint(e => e.Name = "l-rollback");
    }

    public void MapEndpoints(IEndpointRouteBuilder endpoints)
    {
    }
}
