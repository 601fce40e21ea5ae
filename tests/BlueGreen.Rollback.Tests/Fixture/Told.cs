using System.Collections.Concurrent;
using BlueGreen.Contracts;
using BlueGreen.Platform.Hosting;
using BlueGreen.Rollback.Notifying;
using BlueGreen.Rollback.Sources;
using MassTransit;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace BlueGreen.Rollback.Tests.Fixture;

/// <summary>Stands where the saga, the history and the people would: hears what rollback says.</summary>
internal sealed class Told : IPlatformService, INotifier, ISubscriptionConfirmations
{
    private readonly ConcurrentQueue<object> _heard = new();

    public string Name => "told";

    public IReadOnlyList<T> All<T>() => [.. _heard.OfType<T>()];

    public async Task<T> NextAsync<T>(Func<T, bool>? which = null) where T : class
    {
        T? found = null;
        await Eventually.BecomesTrueAsync(
            () => (found = All<T>().FirstOrDefault(which ?? (_ => true))) is not null,
            () => $"no {typeof(T).Name} among: {string.Join("; ", _heard)}");
        return found!;
    }

    public void AddServices(IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton(this);
        builder.Services.AddSingleton<INotifier>(this);
    }

    public void AddConsumers(IBusRegistrationConfigurator bus) => bus.AddConsumer<Listener>();

    public void MapEndpoints(IEndpointRouteBuilder endpoints)
    {
    }

    public Task NotifyAsync(Notification notification, CancellationToken cancellationToken)
    {
        _heard.Enqueue(notification);
        return Task.CompletedTask;
    }

    public Task<bool> TryConfirmAsync(Uri address, CancellationToken cancellationToken)
    {
        _heard.Enqueue(address);
        return Task.FromResult(true);
    }

    internal sealed class Listener(Told told)
        : IConsumer<AlarmRaised>, IConsumer<RevertRefused>, IConsumer<AttentionRequired>, IConsumer<DeploymentAbortRequested>
    {
        public Task Consume(ConsumeContext<AttentionRequired> context) => Hear(context.Message);
        public Task Consume(ConsumeContext<DeploymentAbortRequested> context) => Hear(context.Message);
        public Task Consume(ConsumeContext<AlarmRaised> context) => Hear(context.Message);
        public Task Consume(ConsumeContext<RevertRefused> context) => Hear(context.Message);

        private Task Hear(object message)
        {
            told._heard.Enqueue(message);
            return Task.CompletedTask;
        }
    }
}
