using BlueGreen.Contracts;
using BlueGreen.RegistryListener.Persistence;
using MassTransit;

namespace BlueGreen.RegistryListener.Endpoints;

/// <summary>Keeps the copy of each endpoint's promotion stage; an older revision changes nothing.</summary>
internal sealed class EndpointConfiguredConsumer(RegistryListenerDbContext db, ILogger<EndpointConfiguredConsumer> log)
    : IConsumer<EndpointConfigured>
{
    public async Task Consume(ConsumeContext<EndpointConfigured> context)
    {
        var news = context.Message;
        var known = await db.Endpoints.FindAsync([news.Endpoint], context.CancellationToken);
        if (known is not null && known.Revision >= news.Revision) return;

        known ??= db.Endpoints.Add(
            new KnownEndpoint { Name = news.Endpoint, PromotionStage = news.PromotionStage, Revision = news.Revision }).Entity;
        known.PromotionStage = news.PromotionStage;
        known.Registries = news.Registries;
        known.Revision = news.Revision;
        log.EndpointLearned(news.Endpoint, news.PromotionStage, news.Revision);
    }
}
