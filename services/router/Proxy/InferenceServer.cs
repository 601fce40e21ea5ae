using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace BlueGreen.Router.Proxy;

/// <summary>The data plane's own listener, beside the control surface's: overload or a fault of one does not reach the other.</summary>
internal sealed class InferenceServer : IHostedService, IDisposable
{
    private readonly KestrelServer _kestrel;
    private readonly InferenceApplication _application;
    private readonly ILogger<InferenceServer> _log;

    public InferenceServer(
        InferenceApplication application, IOptions<RouterOptions> options, IServiceProvider services, ILoggerFactory loggers)
    {
        _application = application;
        _log = loggers.CreateLogger<InferenceServer>();
        var kestrel = new KestrelServerOptions { AddServerHeader = false, ApplicationServices = services };
        kestrel.Limits.MaxRequestBodySize = options.Value.MaxRequestBytes;
        var sockets = new SocketTransportFactory(Options.Create(new SocketTransportOptions()), loggers);
        _kestrel = new KestrelServer(Options.Create(kestrel), sockets, loggers);
        Addresses.Add(options.Value.InferenceUrl);
    }

    /// <summary>Where it listens; with the port that the system chose once it has started.</summary>
    public ICollection<string> Addresses => _kestrel.Features.Get<IServerAddressesFeature>()!.Addresses;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _kestrel.StartAsync(_application, cancellationToken);
        Log.InferenceListening(_log, string.Join(", ", Addresses));
    }

    /// <summary>Requests in flight are answered first, within the host's shutdown time.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => _kestrel.StopAsync(cancellationToken);

    public void Dispose() => _kestrel.Dispose();
}
