using BlueGreen.Router.Proxy;
using Yarp.ReverseProxy.Forwarder;

namespace BlueGreen.Router.Direct;

/// <summary>Says what went wrong in the words of the general way, so that nobody has to know which way a request went.</summary>
internal static class DirectFailure
{
    public static ForwarderError OfClientBody(HttpContext context, Exception fault)
    {
        var isGone = context.RequestAborted.IsCancellationRequested;
        context.Response.StatusCode = fault is BadHttpRequestException bad ? bad.StatusCode : StatusCodes.Status400BadRequest;
        return Note(context, isGone ? ForwarderError.RequestBodyCanceled : ForwarderError.RequestBodyClient, fault);
    }

    public static ForwarderError OfConnecting(HttpContext context, Exception fault)
    {
        context.Response.StatusCode = StatusCodes.Status502BadGateway;
        return Note(context, ForwarderError.Request, new HttpRequestException(HttpRequestError.ConnectionError, fault.Message, fault));
    }

    public static ForwarderError OfExchange(HttpContext context, RouteTransformer route, UpstreamConnection connection, bool hasHead, Exception fault)
    {
        var response = context.Response;
        var isGone = context.RequestAborted.IsCancellationRequested || (fault is OperationCanceledException && !connection.IsSilent);
        var error = (isGone, hasHead) switch
        {
            (true, true) => ForwarderError.ResponseBodyClient,
            (true, false) => ForwarderError.RequestCanceled,
            (false, true) => ForwarderError.ResponseBodyDestination,
            (false, false) => connection.IsSilent ? ForwarderError.RequestTimedOut : ForwarderError.Request,
        };
        if (response.HasStarted)
        {
            // Whoever got a part of an answer must not think that it was the whole.
            context.Abort();
            return Note(context, error, fault);
        }

        response.Clear();
        response.StatusCode = isGone ? StatusCodes.Status400BadRequest
            : connection.IsSilent ? StatusCodes.Status504GatewayTimeout
            : StatusCodes.Status502BadGateway;
        route.Mark(response);
        return Note(context, error, fault);
    }

    private static ForwarderError Note(HttpContext context, ForwarderError error, Exception fault)
    {
        context.Features.Set<IForwarderErrorFeature>(new Feature(error, fault));
        return error;
    }

    private sealed record Feature(ForwarderError Error, Exception? Exception) : IForwarderErrorFeature;
}
