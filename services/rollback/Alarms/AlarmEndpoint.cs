using BlueGreen.Platform.Http;
using BlueGreen.Platform.Webhooks;
using BlueGreen.Rollback.Reverting;
using BlueGreen.Rollback.Sources;
using Microsoft.Extensions.Options;

namespace BlueGreen.Rollback.Alarms;

/// <summary><c>POST /alarms/{source}</c>: acts first, stores then, and answers 503 when either could not be done.</summary>
internal static class AlarmEndpoint
{
    public static void MapAlarms(this IEndpointRouteBuilder endpoints) =>
        // Grafana can be told to PUT.
        endpoints.MapMethods("/alarms/{source}", [HttpMethods.Post, HttpMethods.Put], HandleAsync)
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

    private static async Task<IResult> HandleAsync(
        string source,
        HttpContext context,
        AlarmSources sources,
        AlarmIntake intake,
        ISubscriptionConfirmations confirmations,
        IOptionsMonitor<RollbackOptions> options,
        TimeProvider clock,
        ILogger<AlarmIntake> log,
        CancellationToken cancellationToken)
    {
        var arrived = clock.GetTimestamp();
        var (adapter, credentials, unknown) = sources.Find(source, options.CurrentValue);
        if (unknown is not null) return unknown.ToResult();

        var (body, problem) = await WebhookBody.ReadAsync(context.Request, options.CurrentValue.MaxBodyBytes, cancellationToken);
        var request = new WebhookRequest
        {
            Headers = context.Request.Headers,
            Body = body,
            ReceivedAt = clock.GetUtcNow(),
            Query = context.Request.Query,
        };
        problem ??= await adapter!.AuthenticateAsync(request, credentials!, cancellationToken);
        if (problem is not null) return Refuse(context, adapter!, problem, log);
        var reading = adapter!.Read(request, credentials!);
        if (reading.Problem is not null) return Refuse(context, adapter, reading.Problem, log);
        if (reading.Truncated > 0) log.AlarmsTruncated(adapter.Name, reading.Truncated);
        if (reading.Confirm is { } confirm && !await confirmations.TryConfirmAsync(confirm, cancellationToken))
            return ProblemResults.Unavailable(context, "The subscription could not be confirmed; send the confirmation again.");

        var handled = await intake.HandleAsync(adapter.Name, reading.Alarms, request.ReceivedAt, arrived);
        return handled.Problem is { } why
            ? ProblemResults.Unavailable(context, why)
            : Results.Json(AlarmsAnswered.Of(handled.Decisions), statusCode: StatusCodes.Status202Accepted);
    }

    private static IResult Refuse(HttpContext context, IAlarmSource source, FieldProblem problem, ILogger<AlarmIntake> log)
    {
        if (problem.Status == StatusCodes.Status429TooManyRequests) context.Response.Headers.RetryAfter = "5";
        RollbackMetrics.Refused(source.Name);
        log.AlarmsRefused(source.Name, problem.Status, problem.Field, problem.Detail);
        return problem.ToResult();
    }
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
