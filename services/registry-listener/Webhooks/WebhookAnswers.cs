namespace BlueGreen.RegistryListener.Webhooks;

/// <summary>How decisions are told to the sender: 202 when a deployment follows, else 200.</summary>
internal static class WebhookAnswers
{
    /// <summary>Most events in one webhook; Event Grid batches up to 5,000.</summary>
    public const int MaxEvents = 5000;

    public static IResult Of(Incoming incoming, IReadOnlyList<Acceptance> decided)
    {
        foreach (var decision in decided) Count(incoming.Source, decision);
        if (decided is [Acceptance.Accepted single]) return Results.Json(Answer(single), statusCode: StatusCodes.Status202Accepted);
        if (decided is [Acceptance.Ignored ignored]) return Results.Ok(new PromotionIgnored(ignored.Reason));
        var answers = decided.Select((decision, index) => Entry(incoming.KeyOf(index), decision)).ToList();
        var status = decided.Any(decision => decision is Acceptance.Accepted) ? StatusCodes.Status202Accepted : StatusCodes.Status200OK;
        return Results.Json(new PromotionResults(answers), statusCode: status);
    }

    private static PromotionAccepted Answer(Acceptance.Accepted accepted) => new(accepted.DeploymentId, accepted.Endpoint, accepted.Duplicate);

    private static PromotionResult Entry(string id, Acceptance decision) => decision switch
    {
        Acceptance.Accepted accepted => new(id, Answer(accepted), null),
        Acceptance.Ignored ignored => new(id, null, ignored.Reason),
        Acceptance.Conflicting conflicting => new(id, null, conflicting.Detail),
        Acceptance.Refused refused => new(id, null, $"{refused.Problem.Field}: {refused.Problem.Detail}"),
        _ => throw new InvalidOperationException("Unknown acceptance."),
    };

    private static void Count(string source, Acceptance decision)
    {
        switch (decision)
        {
            case Acceptance.Accepted { Duplicate: true } or Acceptance.Ignored { Duplicate: true }:
                RegistryListenerMetrics.Repeated(source);
                break;
            case Acceptance.Accepted:
                RegistryListenerMetrics.Accepted(source);
                break;
            default:
                RegistryListenerMetrics.Ignored(source);
                break;
        }
    }
}

/// <param name="DeploymentId">Where the deployment can be followed: <c>GET /api/v1/deployments/{id}</c>.</param>
/// <param name="Endpoint">The endpoint it is for.</param>
/// <param name="Duplicate">True when this delivery had been accepted before.</param>
internal sealed record PromotionAccepted(Guid DeploymentId, string Endpoint, bool Duplicate);

/// <param name="Ignored">Why nothing follows from the webhook.</param>
internal sealed record PromotionIgnored(string Ignored);

/// <param name="Results">One for each event of the webhook, in its order.</param>
internal sealed record PromotionResults(IReadOnlyList<PromotionResult> Results);

/// <param name="Id">The event's id, as deliveries are listed by.</param>
/// <param name="Accepted">The deployment that follows; null when none does.</param>
/// <param name="Ignored">Why nothing follows; null when something does.</param>
internal sealed record PromotionResult(string Id, PromotionAccepted? Accepted, string? Ignored);
