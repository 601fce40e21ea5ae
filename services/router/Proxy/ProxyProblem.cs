using System.Text.Json;
using BlueGreen.Router.Routing;
using Microsoft.AspNetCore.Mvc;

namespace BlueGreen.Router.Proxy;

/// <summary>RFC 9457 answers that the data plane gives itself.</summary>
internal static class ProxyProblem
{
    private const int RetryAfterSeconds = 1;

    public static Task WriteNoRouteAsync(HttpContext context) => WriteAsync(
        context, StatusCodes.Status404NotFound, "No endpoint has this path.",
        $"No endpoint's path is a prefix of '{context.Request.Path}'; GET /routes on the control surface lists them.");

    public static Task WriteNothingLiveAsync(HttpContext context, RouteEntry entry) => WriteUnavailableAsync(
        context, $"Endpoint '{entry.State.Endpoint}' has no live environment yet.");

    public static Task WriteUnreachableAsync(HttpContext context, RouteEntry entry) => WriteUnavailableAsync(
        context, $"No replica of the live environment of '{entry.State.Endpoint}' accepts connections.");

    private static Task WriteUnavailableAsync(HttpContext context, string detail)
    {
        context.Response.Headers.RetryAfter = RetryAfterSeconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return WriteAsync(context, StatusCodes.Status503ServiceUnavailable, "Try again shortly.", detail);
    }

    private static Task WriteAsync(HttpContext context, int status, string title, string detail)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(
            new ProblemDetails { Status = status, Title = title, Detail = detail }, JsonSerializerOptions.Web);
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/problem+json";
        context.Response.ContentLength = body.Length;
        return context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }
}
