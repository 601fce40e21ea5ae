using BlueGreen.RegistryListener.Sources;

namespace BlueGreen.RegistryListener.Webhooks;

/// <summary><c>POST /webhooks/{source}</c>: 202 only once the promotion is stored. <c>OPTIONS</c>: CloudEvents' handshake.</summary>
internal static class WebhookEndpoint
{
    private const string OriginHeader = "WebHook-Request-Origin";

    public static void MapWebhooks(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost("/webhooks/{source}",
            (string source, HttpContext context, WebhookReceiver receiver, CancellationToken cancellationToken) =>
                receiver.ReceiveAsync(source, context, cancellationToken))
            .WithName("ReceiveWebhook")
            .WithSummary("A registry tells of a promotion")
            .Produces<PromotionAccepted>(StatusCodes.Status202Accepted)
            .Produces<PromotionIgnored>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        endpoints.MapMethods("/webhooks/{source}", [HttpMethods.Options], Allow)
            .WithName("AllowWebhooks")
            .WithSummary("A CloudEvents sender asks whether it may send")
            .Produces(StatusCodes.Status200OK)
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    /// <summary>Any origin may send: every delivery is authenticated by itself. Source: cloudevents/spec, HTTP webhook, section 4.</summary>
    private static IResult Allow(string source, HttpContext context, PromotionSources sources)
    {
        var (found, unknown) = sources.Find(source);
        if (found is null) return unknown!;
        var headers = context.Response.Headers;
        headers.Allow = "POST, OPTIONS";
        if (context.Request.Headers[OriginHeader] is [{ Length: > 0 and <= 255 } origin] && origin.All(char.IsAscii) && !origin.Any(char.IsControl))
        {
            headers["WebHook-Allowed-Origin"] = origin;
            headers["WebHook-Allowed-Rate"] = context.Request.Headers["WebHook-Request-Rate"] is [{ Length: > 0 and < 10 } rate] && rate.All(char.IsAsciiDigit)
                ? rate
                : "*";
        }

        return Results.Ok();
    }
}
