using System.Collections.Concurrent;
using System.Text;
using BlueGreen.Router.Capture;
using BlueGreen.Router.Mirroring;
using BlueGreen.Router.Windows;
using Microsoft.Extensions.Primitives;
using Yarp.ReverseProxy.Forwarder;

namespace BlueGreen.Router.Proxy;

/// <summary>
/// Takes the endpoint's prefix off the path and puts the three headers on the answer. One per route, epoch and replica: it holds the
/// header values ready-made and no request's state.
/// </summary>
internal sealed class RouteTransformer(
    string pathPrefix, ServingEnvironment environment, UpstreamReplica replica, string epoch, MirrorCapture? mirrored = null) : HttpTransformer
{
    public const string EnvironmentHeader = "X-BlueGreen-Environment";
    public const string VersionHeader = "X-BlueGreen-Model-Version";
    public const string EpochHeader = "X-BlueGreen-Epoch";

    /// <summary>On copies of requests: nobody waits for the answer, and no state may be written.</summary>
    public const string MirrorHeader = "X-BlueGreen-Mirror";

    private const int MostTargets = 256;

    private readonly ConcurrentDictionary<string, byte[]> _targets = new(StringComparer.Ordinal);
    private readonly StringValues _environment = environment.EnvironmentText;
    private readonly StringValues _version = environment.Target.Version;
    private readonly StringValues _epoch = epoch;

    public override async ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        var request = httpContext.Request;
        OfferCapture(httpContext);
        proxyRequest.RequestUri = AddressOf(request);
        proxyRequest.Headers.Host = null;
        // The first is a secret, the second ours alone to say.
        proxyRequest.Headers.Remove(InferenceProxy.PreviewHeader);
        proxyRequest.Headers.Remove(MirrorHeader);
    }

    public override async ValueTask<bool> TransformResponseAsync(
        HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        var copies = await base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);
        Mark(httpContext.Response);
        if (proxyResponse is not null
            && InspectionOf(httpContext, (int)proxyResponse.StatusCode, proxyResponse.Content.Headers.ContentLength,
                proxyResponse.Content.Headers.ContentEncoding.Count > 0, proxyResponse.Content.Headers.ContentType?.MediaType, mirrored) is { } inspection)
            proxyResponse.Content = new InspectedContent(proxyResponse.Content, inspection);
        return copies;
    }

    /// <summary>Every replica of the environment is spoken to without TLS.</summary>
    public bool IsPlainHttp => environment.IsPlainHttp;

    /// <summary>Begins to capture a prediction request, if it is its turn.</summary>
    public void OfferCapture(HttpContext context)
    {
        if (environment.Sampler is { } sampler && environment.Inspector?.Predicts(context.Request.Method, context.Request.Path.Value!) == true)
            sampler.Offer(context, environment.Target.EnvironmentId);
    }

    /// <summary>What is to be looked for in an answer; null: nothing, or it cannot be read.</summary>
    public AnswerInspection? InspectionOf(
        HttpContext context, int status, long? length, bool isEncoded, string? mediaType, MirrorCapture? mirrored)
    {
        if (environment.Inspector is not { } inspector || !inspector.Predicts(context.Request.Method, context.Request.Path.Value!)) return null;
        var capture = environment.Sampler is null ? null : context.Features.Get<CaptureTicket>();
        if (AnswerInspection.Applies(status, length, isEncoded, mediaType))
            return new AnswerInspection(inspector, environment.Window, status, mediaType, capture, mirrored);
        capture?.Complete(status, default);
        return null;
    }

    /// <summary>The same for one request whose answer is to be kept as well.</summary>
    public RouteTransformer Capturing(MirrorCapture into) => new(pathPrefix, environment, replica, epoch, into);

    /// <summary>Where the replica takes this request.</summary>
    public Uri AddressOf(HttpRequest request) => replica.AddressOf(Strip(request.Path), request.QueryString);

    /// <summary>Request line, less the method, and Host as the replica is to get them. Few paths are called very often.</summary>
    public ReadOnlySpan<byte> TargetOf(HttpRequest request)
    {
        if (request.QueryString.HasValue) return MakeTarget(request);
        var key = request.Path.Value ?? "";
        if (_targets.TryGetValue(key, out var known)) return known;
        var made = MakeTarget(request);
        if (_targets.Count < MostTargets) _targets.TryAdd(key, made);
        return made;
    }

    /// <summary>Also for answers that the router makes itself.</summary>
    public void Mark(HttpResponse response)
    {
        var headers = response.Headers;
        headers[EnvironmentHeader] = _environment;
        headers[VersionHeader] = _version;
        headers[EpochHeader] = _epoch;
    }

    private byte[] MakeTarget(HttpRequest request)
    {
        var address = AddressOf(request);
        var host = address.HostNameType == UriHostNameType.IPv6 ? address.Host : address.IdnHost;
        return Encoding.ASCII.GetBytes($" {address.PathAndQuery} HTTP/1.1\r\nHost: {host}{(address.IsDefaultPort ? "" : $":{address.Port}")}\r\n");
    }

    /// <summary>The path as the replica knows it.</summary>
    private PathString Strip(PathString path) =>
        pathPrefix.Length == 0 ? path : new PathString(path.Value!.Length == pathPrefix.Length ? "/" : path.Value[pathPrefix.Length..]);
}
