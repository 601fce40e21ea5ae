using System.Collections.Concurrent;
using BlueGreen.Contracts;
using BlueGreen.Platform.Hosting;
using MassTransit;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace BlueGreen.EnvManager.Tests.Fixture;

/// <summary>Stands where the saga would: hears what env-manager says.</summary>
internal sealed class Outcomes : IPlatformService
{
    private readonly ConcurrentQueue<object> _messages = new();

    public string Name => "listener";

    public void Add(object message) => _messages.Enqueue(message);

    public IReadOnlyList<T> All<T>() => [.. _messages.OfType<T>()];

    public async Task<T> NextAsync<T>(Func<T, bool>? which = null) where T : class
    {
        T? found = null;
        await Eventually.BecomesTrueAsync(
            () => (found = All<T>().FirstOrDefault(which ?? (_ => true))) is not null,
            () => $"no {typeof(T).Name} among: {string.Join("; ", _messages)}");
        return found!;
    }

    public void AddServices(IHostApplicationBuilder builder) => builder.Services.AddSingleton(this);

    public void AddConsumers(IBusRegistrationConfigurator bus) => bus.AddConsumer<Listener>();

    public void MapEndpoints(IEndpointRouteBuilder endpoints)
    {
    }

    internal sealed class Listener(Outcomes outcomes) :
        IConsumer<EnvironmentProvisioned>, IConsumer<ProvisioningFailed>, IConsumer<EnvironmentDecommissioned>,
        IConsumer<DecommissioningFailed>, IConsumer<EnvironmentQuarantined>, IConsumer<ReplicaRestarted>
    {
        public Task Consume(ConsumeContext<EnvironmentProvisioned> context) => Hear(context.Message);
        public Task Consume(ConsumeContext<ProvisioningFailed> context) => Hear(context.Message);
        public Task Consume(ConsumeContext<EnvironmentDecommissioned> context) => Hear(context.Message);
        public Task Consume(ConsumeContext<DecommissioningFailed> context) => Hear(context.Message);
        public Task Consume(ConsumeContext<EnvironmentQuarantined> context) => Hear(context.Message);

        public Task Consume(ConsumeContext<ReplicaRestarted> context) => Hear(context.Message);

        private Task Hear(object message)
        {
            outcomes.Add(message);
            return Task.CompletedTask;
        }
    }
}
