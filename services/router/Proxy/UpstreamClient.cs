using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Forwarder;

namespace BlueGreen.Router.Proxy;

/// <summary>The connections to all model servers, shared by every request and by the readiness probes.</summary>
internal sealed class UpstreamClient : IDisposable
{
    /// <summary>Shorter than the five seconds after which common Python servers close an idle connection under a request's feet.</summary>
    public static readonly TimeSpan IdleConnectionLifetime = TimeSpan.FromSeconds(4);

    /// <summary>How the content types of gRPC begin.</summary>
    public const string Grpc = "application/grpc";

    public static bool IsGrpc(string? contentType) => contentType?.StartsWith(Grpc, StringComparison.OrdinalIgnoreCase) == true;

    private readonly ConcurrentDictionary<(TimeSpan Timeout, bool IsGrpc), ForwarderRequestConfig> _others = [];
    private readonly TimeSpan _timeout;
    private readonly ForwarderRequestConfig _http1;
    private readonly ForwarderRequestConfig _grpc;

    public UpstreamClient(IOptions<RouterOptions> options)
    {
        Invoker = new HttpMessageInvoker(new UnprocessedHandler(new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = options.Value.ConnectTimeout,
            PooledConnectionIdleTimeout = IdleConnectionLifetime,
            EnableMultipleHttp2Connections = true,
            // The client's own trace headers are passed on; a span per inference request would cost more than the proxying.
            ActivityHeadersPropagator = null,
        }));
        _timeout = options.Value.UpstreamTimeout;
        _http1 = Config(_timeout, HttpVersion.Version11, HttpVersionPolicy.RequestVersionOrLower);
        _grpc = Config(_timeout, HttpVersion.Version20, HttpVersionPolicy.RequestVersionExact);
    }

    public HttpMessageInvoker Invoker { get; }

    /// <summary>gRPC is HTTP/2 to the end; everything else goes on over HTTP/1.1, which every model server speaks, whatever the client speaks.</summary>
    /// <param name="context">The client's request.</param>
    /// <param name="timeout">Longest silence; null: the usual one.</param>
    public ForwarderRequestConfig RequestFor(HttpContext context, TimeSpan? timeout)
    {
        var isGrpc = IsGrpc(context.Request.ContentType);
        if (timeout is not { } own || own == _timeout) return isGrpc ? _grpc : _http1;
        return _others.GetOrAdd((own, isGrpc), static key => key.IsGrpc
            ? Config(key.Timeout, HttpVersion.Version20, HttpVersionPolicy.RequestVersionExact)
            : Config(key.Timeout, HttpVersion.Version11, HttpVersionPolicy.RequestVersionOrLower));
    }

    public void Dispose() => Invoker.Dispose();

    private static ForwarderRequestConfig Config(TimeSpan timeout, Version version, HttpVersionPolicy policy) => new()
    {
        ActivityTimeout = timeout,
        Version = version,
        VersionPolicy = policy,
    };
}
