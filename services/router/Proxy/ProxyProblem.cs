using System.Globalization;
using System.Text.Json;
using BlueGreen.Router.Routing;
using Microsoft.AspNetCore.Mvc;

namespace BlueGreen.Router.Proxy;

/// <summary>
/// RFC 9457 answers that the data plane gives itself, with the headers of every answer as far as they are known: the epoch where there is a route,
/// the environment where there is one that the answer is about.
/// </summary>
internal static class ProxyProblem
{
    private const int RetryAfterSeconds = 1;

    public static Task WriteNoRouteAsync(HttpContext context) => WriteAsync(
        context, OwnAnswer.NoRoute, StatusCodes.Status404NotFound, "No endpoint has this path.",
        $"No endpoint's path is a prefix of '{context.Request.Path}'; GET /routes on the control surface lists them.");

    public static Task WriteNothingLiveAsync(HttpContext context, RouteEntry entry) => WriteUnavailableAsync(
        context, OwnAnswer.NothingLive, entry, null, $"Endpoint '{entry.State.Endpoint}' has no live environment yet.");

    public static Task WriteUnreachableAsync(HttpContext context, RouteEntry entry, RouteLeg leg) => WriteUnavailableAsync(
        context, OwnAnswer.Unreachable, entry, leg, $"No replica of the environment of '{entry.State.Endpoint}' takes requests.");

    public static Task WriteFencedAsync(HttpContext context, RouteEntry entry) => WriteUnavailableAsync(
        context, OwnAnswer.Fenced, entry, entry.LiveLeg,
        $"This router replica is cut off from its database, and the policy of '{entry.State.Endpoint}' says to stop then. Ask another replica.");

    public static Task WriteHeldTooLongAsync(HttpContext context, RouteEntry entry) => WriteUnavailableAsync(
        context, OwnAnswer.HeldTooLong, entry, entry.LiveLeg, $"A switch of '{entry.State.Endpoint}' is taking too long.");

    public static Task WriteNoPreviewAsync(HttpContext context, RouteEntry entry) => WriteUnavailableAsync(
        context, OwnAnswer.NoPreview, entry, null, $"Endpoint '{entry.State.Endpoint}' has no new version that is ready to be looked at here.");

    public static Task WritePreviewRefusedAsync(HttpContext context) => WriteAsync(
        context, OwnAnswer.PreviewRefused, StatusCodes.Status403Forbidden, "The preview token is not valid.",
        $"Leave {InferenceProxy.PreviewHeader} out to call the live version. BlueGreen:Router:PreviewToken sets the token.");

    public static Task WriteTooLargeAsync(HttpContext context, RouteEntry entry, RouteLeg leg)
    {
        Mark(context, entry, leg);
        return WriteAsync(
            context, OwnAnswer.TooLarge, StatusCodes.Status413PayloadTooLarge, "The request body is too large.",
            "The endpoint's policy (route.maxBody) or the router's setting (BlueGreen:Router:MaxRequestBytes) limits it.");
    }

    public static Task WriteTimedOutAsync(HttpContext context, RouteEntry entry, RouteLeg leg)
    {
        Mark(context, entry, leg);
        return WriteAsync(
            context, OwnAnswer.TimedOut, StatusCodes.Status504GatewayTimeout, "The model server was silent for too long.",
            "The endpoint's policy (route.timeout) or the router's setting (BlueGreen:Router:UpstreamTimeout) limits it.");
    }

    private static Task WriteUnavailableAsync(HttpContext context, OwnAnswer reason, RouteEntry entry, RouteLeg? leg, string detail)
    {
        Mark(context, entry, leg);
        context.Response.Headers.RetryAfter = RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
        return WriteAsync(context, reason, StatusCodes.Status503ServiceUnavailable, "Try again shortly.", detail);
    }

    private static void Mark(HttpContext context, RouteEntry entry, RouteLeg? leg)
    {
        if (leg is { Transformers: [var any, ..] }) any.Mark(context.Response);
        else context.Response.Headers[RouteTransformer.EpochHeader] = entry.EpochText;
    }

    private static Task WriteAsync(HttpContext context, OwnAnswer reason, int status, string title, string detail)
    {
        OwnAnswers.Count(reason);
        if (UpstreamClient.IsGrpc(context.Request.ContentType)) return WriteGrpcAsync(context, status, $"{title} {detail}");
        var body = JsonSerializer.SerializeToUtf8Bytes(
            new ProblemDetails { Status = status, Title = title, Detail = detail }, JsonSerializerOptions.Web);
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/problem+json";
        context.Response.ContentLength = body.Length;
        return context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }

    /// <summary>
    /// An answer without a body, whose headers are the trailers and end the stream (github.com/grpc/grpc doc/PROTOCOL-HTTP2.md, Trailers-Only).
    /// Nothing is started or flushed here: headers that are sent before the answer is over do not end the stream.
    /// </summary>
    private static Task WriteGrpcAsync(HttpContext context, int status, string message)
    {
        var response = context.Response;
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = UpstreamClient.Grpc;
        response.Headers["grpc-status"] = status switch
        {
            StatusCodes.Status403Forbidden => "7",
            StatusCodes.Status404NotFound => "12",
            StatusCodes.Status413PayloadTooLarge => "8",
            StatusCodes.Status504GatewayTimeout => "4",
            _ => "14",
        };
        response.Headers["grpc-message"] = Uri.EscapeDataString(message);
        return Task.CompletedTask;
    }
}
