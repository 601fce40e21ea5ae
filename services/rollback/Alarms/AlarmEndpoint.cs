using BlueGreen.Rollback.Reverting;

namespace BlueGreen.Rollback.Alarms;

/// <summary><c>POST /alarms/{source}</c>: acts first, stores then, and answers 503 when either could not be done.</summary>
internal static class AlarmEndpoint
{
    public static void MapAlarms(this IEndpointRouteBuilder endpoints) =>
        // Grafana can be told to PUT.
        endpoints.MapMethods("/alarms/{source}", [HttpMethods.Post, HttpMethods.Put],
            (string source, HttpContext context, AlarmReceiver receiver, CancellationToken cancellationToken) =>
                receiver.ReceiveAsync(source, context, cancellationToken))
            .WithName("ReceiveAlarm")
            .WithSummary("An alerting system tells of alarms")
            .Produces<AlarmsAnswered>(StatusCodes.Status202Accepted)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .ProducesProblem(StatusCodes.Status429TooManyRequests)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
}

/// <param name="Decisions">One per alarm and endpoint.</param>
internal sealed record AlarmsAnswered(IReadOnlyList<AlarmsAnswered.Answer> Decisions)
{
    public static AlarmsAnswered Of(IEnumerable<AlarmDecision> decisions) => new([.. decisions.Select(decision => new Answer(
        decision.Alarm.Name, decision.Endpoint, decision.DeploymentId, decision.Decision,
        decision.Outcome == LiveRevertKind.Reverted, decision.Elapsed.TotalMilliseconds))]);

    /// <param name="Alarm">The alarm's name.</param>
    /// <param name="Endpoint">Null when no endpoint has a rule for it.</param>
    /// <param name="DeploymentId">Null when there was none to act on.</param>
    /// <param name="Decision">What was done and why.</param>
    /// <param name="Reverted">True when this request took the deployment out of traffic.</param>
    /// <param name="ElapsedMilliseconds">From the request's arrival to the decision, or to the last router's answer.</param>
    internal sealed record Answer(
        string Alarm, string? Endpoint, Guid? DeploymentId, string Decision, bool Reverted, double ElapsedMilliseconds);
}
