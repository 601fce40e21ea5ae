using BlueGreen.Contracts;
using BlueGreen.Rollback.Persistence;
using MassTransit;

namespace BlueGreen.Rollback.Rules;

/// <summary>Keeps the copy of each endpoint's alarm rules; an older revision changes nothing.</summary>
internal sealed class EndpointConfiguredConsumer(RollbackDbContext db, AlarmRules rules) : IConsumer<EndpointConfigured>
{
    public async Task Consume(ConsumeContext<EndpointConfigured> context)
    {
        var news = context.Message;
        // The event is a fact whether this transaction commits or not, so memory need not wait for it.
        rules.Learn(new EndpointRules(news.Endpoint, news.Revision, news.Alarms) { Notify = news.Notify });

        var row = await db.Endpoints.FindAsync([news.Endpoint], context.CancellationToken);
        if (row is not null && row.Revision >= news.Revision) return;
        var alarms = EndpointRulesRow.Write(news.Alarms);
        row ??= db.Endpoints.Add(new EndpointRulesRow { Endpoint = news.Endpoint, Revision = news.Revision, Alarms = alarms }).Entity;
        row.Revision = news.Revision;
        row.Alarms = alarms;
        row.Notify = EndpointRulesRow.Write(news.Notify);
    }
}
