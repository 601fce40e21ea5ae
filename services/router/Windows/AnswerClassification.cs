using BlueGreen.Router.Proxy;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Forwarder;

namespace BlueGreen.Router.Windows;

/// <summary>Reads what came of a request off the forwarder's verdict and the answer.</summary>
internal static class AnswerClassification
{
    private const int Last = (int)AnswerClass.Cancelled;
    private const string GrpcStatus = "grpc-status";

    /// <summary>Number of classes.</summary>
    public const int Count = Last + 1;

    /// <summary>True for what makes an environment look bad.</summary>
    public static bool IsError(AnswerClass answer) => answer is >= AnswerClass.ServerError and <= AnswerClass.Broken;

    public static AnswerClass Of(HttpContext context, ForwarderError error)
    {
        if (error != ForwarderError.None && context.RequestAborted.IsCancellationRequested) return AnswerClass.Cancelled;
        var status = context.Response.StatusCode;
        return error switch
        {
            ForwarderError.None when status >= 500 => AnswerClass.ServerError,
            ForwarderError.None when status >= 400 => AnswerClass.ClientError,
            ForwarderError.None => OfGrpc(context),
            ForwarderError.NoAvailableDestinations => AnswerClass.Unreachable,
            ForwarderError.RequestTimedOut or ForwarderError.UpgradeActivityTimeout => AnswerClass.TimedOut,
            ForwarderError.RequestBodyClient => AnswerClass.ClientError,
            ForwarderError.Request when status == StatusCodes.Status503ServiceUnavailable => AnswerClass.Unreachable,
            _ => AnswerClass.Broken,
        };
    }

    /// <summary>Whether the replica, rather than client or router, is to blame.</summary>
    public static bool IsReplicasFault(HttpContext context, ForwarderError error) =>
        (error is ForwarderError.Request or ForwarderError.RequestTimedOut or ForwarderError.ResponseBodyDestination
            || (error == ForwarderError.None && Of(context, error) == AnswerClass.ServerError))
        && !context.RequestAborted.IsCancellationRequested;

    /// <summary>gRPC says in a trailer, or in the header of an answer without a body, what HTTP says in the status.</summary>
    private static AnswerClass OfGrpc(HttpContext context)
    {
        if (!UpstreamClient.IsGrpc(context.Response.ContentType)) return AnswerClass.Success;
        var trailers = context.Features.Get<IHttpResponseTrailersFeature>()?.Trailers;
        var text = trailers?[GrpcStatus].ToString() is { Length: > 0 } last ? last : null;
        if (text is null && context.Response.Headers.TryGetValue(GrpcStatus, out var early)) text = early.ToString();
        return text switch
        {
            null or "0" => AnswerClass.Success,
            "1" => AnswerClass.Cancelled,
            "4" => AnswerClass.TimedOut,
            // UNKNOWN, INTERNAL, UNAVAILABLE, DATA_LOSS (github.com/grpc/grpc doc/statuscodes.md).
            "2" or "13" or "14" or "15" => AnswerClass.ServerError,
            _ => AnswerClass.ClientError,
        };
    }
}
