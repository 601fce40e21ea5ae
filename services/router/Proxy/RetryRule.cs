using System.Net.Sockets;
using Yarp.ReverseProxy.Forwarder;

namespace BlueGreen.Router.Proxy;

/// <summary>How far a request came that got no answer.</summary>
internal enum RequestFate
{
    /// <summary>A model may have seen it: it is not sent twice.</summary>
    Unknown,

    /// <summary>Its replica could not be connected to.</summary>
    NotConnected,

    /// <summary>Its replica refused it, unprocessed.</summary>
    Refused,
}

/// <summary>When a request may be sent once more: nothing of it was processed, nothing was answered, and its body is there whole.</summary>
internal static class RetryRule
{
    public static RequestFate FateOf(HttpContext context)
    {
        if (context.Response.HasStarted || context.RequestAborted.IsCancellationRequested) return RequestFate.Unknown;
        var fate = FateOf(context.Features.Get<IForwarderErrorFeature>()?.Exception);
        // A connection that could not be made may have been the second: the first one had the body.
        return fate != RequestFate.Unknown && context.Request.Body is RewindableBody body && !body.TryRewind() ? RequestFate.Unknown : fate;
    }

    private static RequestFate FateOf(Exception? failure) => failure switch
    {
        null => RequestFate.Unknown,
        UnprocessedException => RequestFate.Refused,
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError }
            or HttpRequestException { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionRefused } } => RequestFate.NotConnected,
        // The forwarder puts the body's failure and the request's side by side.
        AggregateException several => several.InnerExceptions.Select(FateOf).Max(),
        _ => FateOf(failure.InnerException),
    };
}
