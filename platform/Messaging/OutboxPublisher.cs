using BlueGreen.Platform.Persistence;
using MassTransit;
using MassTransit.Middleware;
using MassTransit.Middleware.Outbox;
using MassTransit.Serialization;
using MassTransit.Transports;

namespace BlueGreen.Platform.Messaging;

/// <summary>Publishes into a context's outbox outside of consumption: webhooks, APIs, finished work items.</summary>
internal sealed class OutboxPublisher(IBus bus, TimeProvider clock)
{
    public Task AddAsync(ServiceDbContext db, object message, Type messageType, CancellationToken cancellationToken) =>
        Endpoint(db).Publish(message, messageType, cancellationToken);

    public Task AddAsync(
        ServiceDbContext db, object message, IPipe<PublishContext> pipe, CancellationToken cancellationToken) =>
        Endpoint(db).Publish(message, message.GetType(), pipe, cancellationToken);

    private PublishEndpoint Endpoint(ServiceDbContext db) =>
        new(new OutboxPublishEndpointProvider(new Rows(db, clock), bus));

    private sealed class Rows(ServiceDbContext db, TimeProvider clock) : OutboxSendContext
    {
        public Task AddSend<T>(SendContext<T> context) where T : class
        {
            OutboxRows.Add(db, context, SystemTextJsonMessageSerializer.Instance, clock);
            return Task.CompletedTask;
        }

        public object? GetService(Type serviceType) => null;
    }
}
