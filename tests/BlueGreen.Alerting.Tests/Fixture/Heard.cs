using System.Collections.Concurrent;
using BlueGreen.Contracts;
using BlueGreen.Platform.Hosting;
using MassTransit;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace BlueGreen.Alerting.Tests.Fixture;

/// <summary>Hears what the services say.</summary>
internal sealed class Heard : IPlatformService
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly ConcurrentQueue<object> _messages = new();

    public string Name => "heard";

    public IReadOnlyList<T> All<T>() => [.. _messages.OfType<T>()];

    public async Task<T> NextAsync<T>(Func<T, bool> which, Func<string>? otherwise = null) where T : class
    {
        T? found = null;
        await Eventually.BecomesTrueAsync(
            () => Task.FromResult((found = All<T>().FirstOrDefault(which)) is not null), Limit,
            () => $"no such {typeof(T).Name} among: {string.Join("; ", _messages)} {otherwise?.Invoke()}");
        return found!;
    }

    public void AddServices(IHostApplicationBuilder builder) => builder.Services.AddSingleton(this);

    public void AddConsumers(IBusRegistrationConfigurator bus) => bus.AddConsumer<Listener>();

    public void MapEndpoints(IEndpointRouteBuilder endpoints)
    {
    }

    internal sealed class Listener(Heard heard) : IConsumer<AlarmRaised>, IConsumer<TrafficSwitched>, IConsumer<TrafficReverted>
    {
        public Task Consume(ConsumeContext<AlarmRaised> context) => Hear(context.Message);
        public Task Consume(ConsumeContext<TrafficSwitched> context) => Hear(context.Message);
        public Task Consume(ConsumeContext<TrafficReverted> context) => Hear(context.Message);

        private Task Hear(object message)
        {
            heard._messages.Enqueue(message);
            return Task.CompletedTask;
        }
    }
}
