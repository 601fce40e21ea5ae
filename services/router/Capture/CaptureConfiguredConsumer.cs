using BlueGreen.Contracts;
using BlueGreen.Router.Persistence;
using MassTransit;

namespace BlueGreen.Router.Capture;

/// <summary>Keeps what the endpoint's newest policy says about capturing.</summary>
internal sealed class CaptureConfiguredConsumer(RouterDbContext db) : IConsumer<EndpointConfigured>
{
    public async Task Consume(ConsumeContext<EndpointConfigured> context)
    {
        var message = context.Message;
        var row = await db.CapturePolicies.FindAsync([message.Endpoint], context.CancellationToken);
        if (row is null)
            db.CapturePolicies.Add(new CapturePolicyRow { Endpoint = message.Endpoint, Revision = message.Revision, Policy = message.Capture });
        else if (row.Revision < message.Revision)
            (row.Revision, row.Policy) = (message.Revision, message.Capture);
    }
}
