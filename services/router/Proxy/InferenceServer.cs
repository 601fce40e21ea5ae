using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace BlueGreen.Router.Proxy;

/// <summary>The data plane's own listener, beside the control surface's: overload or a fault of one does not reach the other.</summary>
internal sealed class InferenceServer : IHostedService, IDisposable
{
    private readonly KestrelServer _kestrel;

    /// <summary>Without TLS a connection's protocol cannot be negotiated: HTTP/2 needs a port of its own.</summary>
    private readonly KestrelServer? _http2;
    private readonly InferenceApplication _application;
    private readonly ILogger<InferenceServer> _log;

    public InferenceServer(
        InferenceApplication application, IOptions<RouterOptions> options, IServiceProvider services, ILoggerFactory loggers)
    {
        _application = application;
        _log = loggers.CreateLogger<InferenceServer>();
        _kestrel = Create(options.Value.InferenceUrl, HttpProtocols.Http1, options.Value, services, loggers);
        if (options.Value.InferenceHttp2Url is { } http2) _http2 = Create(http2, HttpProtocols.Http2, options.Value, services, loggers);
    }

    /// <summary>Where it listens; with the port that the system chose once it has started.</summary>
    public ICollection<string> Addresses => _kestrel.Features.Get<IServerAddressesFeature>()!.Addresses;

    /// <summary>The same for HTTP/2; empty where that is off.</summary>
    public ICollection<string> Http2Addresses => _http2?.Features.Get<IServerAddressesFeature>()!.Addresses ?? [];

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _kestrel.StartAsync(_application, cancellationToken);
        if (_http2 is not null) await _http2.StartAsync(_application, cancellationToken);
        Log.InferenceListening(_log, string.Join(", ", Addresses.Concat(Http2Addresses)));
    }

    /// <summary>Requests in flight are answered first, within the host's shutdown time.</summary>
    public Task StopAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(_kestrel.StopAsync(cancellationToken), _http2?.StopAsync(cancellationToken) ?? Task.CompletedTask);

    public void Dispose()
    {
        _kestrel.Dispose();
        _http2?.Dispose();
    }

    private static KestrelServer Create(
        string url, HttpProtocols protocols, RouterOptions options, IServiceProvider services, ILoggerFactory loggers)
    {
        var kestrel = new KestrelServerOptions { AddServerHeader = false, ApplicationServices = services };
        kestrel.Limits.MaxRequestBodySize = options.MaxRequestBytes;
        kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = protocols);
        var sockets = new SocketTransportFactory(
            // Nothing between a socket and the model server blocks: a hop to another thread would be all cost.
            Options.Create(new SocketTransportOptions { UnsafePreferInlineScheduling = true }), loggers);
        var server = new KestrelServer(Options.Create(kestrel), sockets, loggers);
        server.Features.Get<IServerAddressesFeature>()!.Addresses.Add(url);
        return server;
    }
}
