using BlueGreen.Platform.Inference;
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

    private readonly StringValues _environment = environment.EnvironmentText;
    private readonly StringValues _version = environment.Target.Version;
    private readonly StringValues _epoch = epoch;

    public override async ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        var request = httpContext.Request;
        if (environment.Sampler is { } sampler && environment.Inspector?.Predicts(request.Method, request.Path.Value!) == true)
            sampler.Offer(httpContext, environment.Target.EnvironmentId);
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
        if (proxyResponse is not null && environment.Inspector is { } inspector
            && inspector.Predicts(httpContext.Request.Method, httpContext.Request.Path.Value!))
            Look(proxyResponse, inspector, environment.Sampler is null ? null : httpContext.Features.Get<CaptureTicket>());
        return copies;
    }

    private void Look(HttpResponseMessage response, PredictionInspector inspector, CaptureTicket? capture)
    {
        if (InspectedContent.Applies(response))
            response.Content = new InspectedContent(response.Content, inspector, environment.Window, (int)response.StatusCode, capture, mirrored);
        else
            capture?.Complete((int)response.StatusCode, default);
    }

    /// <summary>The same for one request whose answer is to be kept as well.</summary>
    public RouteTransformer Capturing(MirrorCapture into) => new(pathPrefix, environment, replica, epoch, into);

    /// <summary>Where the replica takes this request.</summary>
    public Uri AddressOf(HttpRequest request) => replica.AddressOf(Strip(request.Path), request.QueryString);

    /// <summary>Also for answers that the router makes itself.</summary>
    public void Mark(HttpResponse response)
    {
        var headers = response.Headers;
        headers[EnvironmentHeader] = _environment;
        headers[VersionHeader] = _version;
        headers[EpochHeader] = _epoch;
    }

    /// <summary>The path as the replica knows it.</summary>
    private PathString Strip(PathString path) =>
        pathPrefix.Length == 0 ? path : new PathString(path.Value!.Length == pathPrefix.Length ? "/" : path.Value[pathPrefix.Length..]);
}
