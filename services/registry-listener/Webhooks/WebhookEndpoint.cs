using BlueGreen.Platform.Http;
using BlueGreen.Platform.Webhooks;
using BlueGreen.RegistryListener.Sources;
using Microsoft.Extensions.Options;

namespace BlueGreen.RegistryListener.Webhooks;

/// <summary><c>POST /webhooks/{source}</c>: 202 only once the promotion is stored.</summary>
internal static class WebhookEndpoint
{
    public static void MapWebhooks(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapPost("/webhooks/{source}", HandleAsync)
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

    private static async Task<IResult> HandleAsync(
        string source,
        HttpContext context,
        IEnumerable<IPromotionSource> sources,
        PromotionIntake intake,
        IOptionsMonitor<RegistryListenerOptions> options,
        TimeProvider clock,
        ILogger<PromotionIntake> log,
        CancellationToken cancellationToken)
    {
        var adapter = sources.FirstOrDefault(candidate => candidate.Name == source);
        if (adapter is null)
            return ProblemResults.NotFound($"There is no such source; known are {string.Join(", ", sources.Select(known => known.Name))}.");
        if (options.CurrentValue.SecretOf(adapter.Name) is not { } secret)
            return ProblemResults.NotFound($"The source is disabled: set {RegistryListenerOptions.Section}:Sources:{adapter.Name}:Secret.");

        var (authentic, deliveryId, problem) = await ReceiveAsync(context, adapter, secret, options.CurrentValue, clock, cancellationToken);
        if (problem is not null) return Refuse(adapter, problem, log);
        return await AcceptAsync(context, adapter, authentic!, deliveryId!, intake, options.CurrentValue, clock, log, cancellationToken);
    }

    private static async Task<(WebhookRequest? Request, string? DeliveryId, FieldProblem? Problem)> ReceiveAsync(
        HttpContext context, IPromotionSource source, string secret, RegistryListenerOptions options, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        if (WebhookBody.RequireJson(context.Request) is { } unsupported) return (null, null, unsupported);
        var (body, broken) = await WebhookBody.ReadAsync(context.Request, options.MaxBodyBytes, cancellationToken);
        if (broken is not null) return (null, null, broken);

        var request = new WebhookRequest { Headers = context.Request.Headers, Body = body, ReceivedAt = clock.GetUtcNow() };
        return source.Authenticate(request, secret) switch
        {
            Authentication.Authentic authentic => (request, authentic.DeliveryId, null),
            Authentication.Refused refused => (null, null, refused.Problem),
            _ => throw new InvalidOperationException("Unknown authentication."),
        };
    }

    private static async Task<IResult> AcceptAsync(
        HttpContext context, IPromotionSource source, WebhookRequest request, string deliveryId, PromotionIntake intake,
        RegistryListenerOptions options, TimeProvider clock, ILogger<PromotionIntake> log, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(options.StoreTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            return Answer(source, await intake.AcceptAsync(source, deliveryId, request, either.Token), log);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            RegistryListenerMetrics.Unavailable(source.Name);
            log.WebhookNotStored(source.Name, exception);
            return ProblemResults.Unavailable(context, "The promotion could not be stored; deliver it again.");
        }
    }

    private static IResult Answer(IPromotionSource source, Acceptance acceptance, ILogger<PromotionIntake> log)
    {
        switch (acceptance)
        {
            case Acceptance.Accepted accepted:
                Count(accepted.Duplicate, RegistryListenerMetrics.Accepted, source);
                return Results.Json(
                    new PromotionAccepted(accepted.DeploymentId, accepted.Endpoint, accepted.Duplicate), statusCode: StatusCodes.Status202Accepted);
            case Acceptance.Ignored ignored:
                Count(ignored.Duplicate, RegistryListenerMetrics.Ignored, source);
                return Results.Ok(new PromotionIgnored(ignored.Reason));
            case Acceptance.Conflicting conflicting:
                return Refuse(source, new(StatusCodes.Status409Conflict, "delivery", conflicting.Detail), log);
            case Acceptance.Refused refused:
                return Refuse(source, refused.Problem, log);
            default:
                throw new InvalidOperationException("Unknown acceptance.");
        }
    }

    private static void Count(bool duplicate, Action<string> otherwise, IPromotionSource source) =>
        (duplicate ? RegistryListenerMetrics.Repeated : otherwise)(source.Name);

    private static IResult Refuse(IPromotionSource source, FieldProblem problem, ILogger<PromotionIntake> log)
    {
        RegistryListenerMetrics.Refused(source.Name);
        log.WebhookRefused(source.Name, problem.Status, problem.Field, problem.Detail);
        return problem.ToResult();
    }
}

/// <param name="DeploymentId">Where the deployment can be followed: <c>GET /api/v1/deployments/{id}</c>.</param>
/// <param name="Endpoint">The endpoint it is for.</param>
/// <param name="Duplicate">True when this delivery had been accepted before.</param>
internal sealed record PromotionAccepted(Guid DeploymentId, string Endpoint, bool Duplicate);

/// <param name="Ignored">Why nothing follows from the webhook.</param>
internal sealed record PromotionIgnored(string Ignored);
