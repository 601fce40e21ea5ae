using System.Net;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Forwarder;

namespace BlueGreen.Router.Proxy;

/// <summary>The connections to all model servers, shared by every request and by the readiness probes.</summary>
internal sealed class UpstreamClient : IDisposable
{
    /// <summary>Shorter than the five seconds after which common Python servers close an idle connection under a request's feet.</summary>
    private static readonly TimeSpan IdleConnectionLifetime = TimeSpan.FromSeconds(4);

    public UpstreamClient(IOptions<RouterOptions> options)
    {
        Invoker = new HttpMessageInvoker(new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = options.Value.ConnectTimeout,
            PooledConnectionIdleTimeout = IdleConnectionLifetime,
            // The client's own trace headers are passed on; a span per inference request would cost more than the proxying.
            ActivityHeadersPropagator = null,
        });
        Request = new ForwarderRequestConfig
        {
            ActivityTimeout = options.Value.UpstreamTimeout,
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
    }

    public HttpMessageInvoker Invoker { get; }
    public ForwarderRequestConfig Request { get; }

    public void Dispose() => Invoker.Dispose();
}
