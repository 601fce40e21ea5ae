using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Abstractions;
using Microsoft.AspNetCore.Http.Features;

namespace BlueGreen.Router.Proxy;

/// <summary>
/// The shortest way from Kestrel to the proxy: no middleware, no logging scope, no span per request, and one context per connection
/// instead of one per request.
/// </summary>
internal sealed class InferenceApplication(InferenceProxy proxy, OpenExchanges exchanges) : IHttpApplication<InferenceExchange>
{
    public InferenceExchange CreateContext(IFeatureCollection contextFeatures)
    {
        var container = contextFeatures as IHostContextContainer<InferenceExchange>;
        var exchange = container?.HostContext ?? exchanges.Open();
        if (container is not null) container.HostContext = exchange;
        if (exchange.Http is null) exchange.Http = new DefaultHttpContext(contextFeatures);
        else exchange.Http.Initialize(contextFeatures);
        return exchange;
    }

    public Task ProcessRequestAsync(InferenceExchange context) => proxy.HandleAsync(context);

    public void DisposeContext(InferenceExchange context, Exception? exception) => context.Http.Uninitialize();
}
