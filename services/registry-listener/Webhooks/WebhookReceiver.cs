using BlueGreen.Platform.Http;
using BlueGreen.Platform.Webhooks;
using BlueGreen.RegistryListener.Sources;
using BlueGreen.RegistryListener.Sources.Identity;
using Microsoft.Extensions.Options;

namespace BlueGreen.RegistryListener.Webhooks;

/// <summary>One webhook from the socket to its answer: who spoke, what it says, that it is stored.</summary>
internal sealed class WebhookReceiver(
    PromotionSources sources,
    IdentityTokens tokens,
    PromotionIntake intake,
    BodyBudget budget,
    IOptionsMonitor<RegistryListenerOptions> options,
    TimeProvider clock,
    ILogger<WebhookReceiver> log)
{
    public async Task<IResult> ReceiveAsync(string name, HttpContext context, CancellationToken cancellationToken)
    {
        var (source, unknown) = sources.Find(name);
        if (source is null) return unknown!;
        using var share = budget.TryTake(
            context.Request.ContentLength, options.CurrentValue.MaxBodyBytes, options.CurrentValue.MemoryLimitBytes);
        if (share is null) return Busy(context, name);

        if (source.Format.RequiresJson && WebhookBody.RequireJson(context.Request) is { } unsupported) return Refuse(name, unsupported);
        var (body, broken) = await WebhookBody.ReadAsync(context.Request, options.CurrentValue.MaxBodyBytes, cancellationToken);
        if (broken is not null) return Refuse(name, broken);
        var request = new WebhookRequest
        {
            Headers = context.Request.Headers,
            Query = context.Request.Query,
            Body = body,
            ReceivedAt = clock.GetUtcNow(),
        };
        var identity = source.Options.Identity;
        var sender = identity.IsOn
            ? await tokens.AuthenticateAsync(request, identity, cancellationToken)
            : source.Format.Authenticate(request, source.Options);
        return sender switch
        {
            Authentication.Authentic authentic => await ReadAsync(context, source, request, authentic.DeliveryId, cancellationToken),
            Authentication.Refused refused => Refuse(name, refused.Problem),
            Authentication.Unavailable unavailable => ProblemResults.Unavailable(context, unavailable.Detail),
            _ => throw new InvalidOperationException("Unknown authentication."),
        };
    }

    private async Task<IResult> ReadAsync(
        HttpContext context, ConfiguredSource source, WebhookRequest request, string? deliveryId, CancellationToken cancellationToken)
    {
        switch (source.Format.Read(request, source.Options))
        {
            case WebhookReading.Handshake handshake:
                log.HandshakeAnswered(source.Name);
                return Results.Ok(handshake.Answer);
            case WebhookReading.Refused refused:
                return Refuse(source.Name, refused.Problem);
            case WebhookReading.Events { All.Count: 0 }:
                return Results.Ok(new PromotionIgnored("there is no event in it"));
            case WebhookReading.Events { All.Count: > WebhookAnswers.MaxEvents } many:
                return Refuse(source.Name, new(StatusCodes.Status413PayloadTooLarge, "body",
                    $"It has {many.All.Count} events; send at most {WebhookAnswers.MaxEvents} at once."));
            case WebhookReading.Events events:
                return await StoreAsync(context, Incoming(source, request, deliveryId, events.All), cancellationToken);
            default:
                throw new InvalidOperationException("Unknown reading.");
        }
    }

    private Incoming Incoming(ConfiguredSource source, WebhookRequest request, string? deliveryId, IReadOnlyList<RegistryEvent> events) => new()
    {
        Source = source.Name,
        Options = source.Options,
        Schemes = options.CurrentValue.AllowedArtifactSchemes,
        DeliveryId = deliveryId,
        BodySha256 = BlobDigest.Of(request.Body.Span),
        ReceivedAt = request.ReceivedAt,
        Events = events,
        SameBodyWindow = options.CurrentValue.SameBodyWindow,
    };

    private async Task<IResult> StoreAsync(HttpContext context, Incoming incoming, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(options.CurrentValue.StoreTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            if (await intake.AcceptAsync(incoming, either.Token) is not { } decided) return Busy(context, incoming.Source);
            if (decided is [Acceptance.Refused refused]) return Refuse(incoming.Source, refused.Problem);
            if (decided is [Acceptance.Conflicting conflicting])
                return Refuse(incoming.Source, new(StatusCodes.Status409Conflict, "delivery", conflicting.Detail));
            return WebhookAnswers.Of(incoming, decided);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            RegistryListenerMetrics.Unavailable(incoming.Source);
            log.WebhookNotStored(incoming.Source, exception);
            return ProblemResults.Unavailable(context, "The promotion could not be stored; deliver it again.");
        }
    }

    private IResult Refuse(string source, FieldProblem problem)
    {
        RegistryListenerMetrics.Refused(source);
        log.WebhookRefused(source, problem.Status, problem.Field, problem.Detail);
        return problem.ToResult();
    }

    private IResult Busy(HttpContext context, string source)
    {
        RegistryListenerMetrics.Unavailable(source);
        log.Overloaded(source);
        return ProblemResults.Unavailable(context, "Too many webhooks are waiting to be stored; deliver it again.");
    }
}
