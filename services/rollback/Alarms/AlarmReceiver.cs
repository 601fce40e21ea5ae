using BlueGreen.Platform.Http;
using BlueGreen.Platform.Webhooks;
using BlueGreen.Rollback.Sources;
using Microsoft.Extensions.Options;

namespace BlueGreen.Rollback.Alarms;

/// <summary>One alarm request from the socket to its answer: who spoke, what it says, what is done about it, that it is stored.</summary>
internal sealed class AlarmReceiver(
    AlarmSources sources,
    AlarmBodies bodies,
    AlarmIntake intake,
    ISubscriptionConfirmations confirmations,
    IOptionsMonitor<RollbackOptions> options,
    TimeProvider clock,
    ILogger<AlarmReceiver> log)
{
    public async Task<IResult> ReceiveAsync(string name, HttpContext context, CancellationToken cancellationToken)
    {
        var arrived = clock.GetTimestamp();
        var (source, credentials, unknown) = sources.Find(name, options.CurrentValue);
        if (unknown is not null) return unknown.ToResult();
        var head = new WebhookRequest
        {
            Headers = context.Request.Headers,
            Query = context.Request.Query,
            Body = default,
            ReceivedAt = clock.GetUtcNow(),
        };
        // Before the body is read: whoever has no token shall not cost memory.
        if (SourceToken.Check(head, credentials!, source!.TakesTokenInQuery) is { } stranger) return Refuse(context, source, stranger);
        using var share = bodies.TryTake(context.Request, isKnown: credentials!.Token.Length > 0);
        if (share is null) return Busy(context, source);

        var (body, problem) = await WebhookBody.ReadAsync(context.Request, options.CurrentValue.MaxBodyBytes, cancellationToken);
        var request = head with { Body = body, ReceivedAt = clock.GetUtcNow() };
        problem ??= await source.AuthenticateAsync(request, credentials, cancellationToken);
        if (problem is not null) return Refuse(context, source, problem);
        var reading = source.Read(request, credentials);
        return reading.Problem is null
            ? await HandleAsync(context, source, reading, request.ReceivedAt, arrived, cancellationToken)
            : Refuse(context, source, reading.Problem);
    }

    private async Task<IResult> HandleAsync(
        HttpContext context, IAlarmSource source, AlarmReading reading, DateTimeOffset receivedAt, long arrived, CancellationToken cancellationToken)
    {
        if (reading.Truncated > 0) log.AlarmsTruncated(source.Name, reading.Truncated);
        if (reading.Confirm is { } confirm && !await confirmations.TryConfirmAsync(confirm, cancellationToken))
            return ProblemResults.Unavailable(context, "The subscription could not be confirmed; send the confirmation again.");

        var handled = await intake.HandleAsync(source.Name, reading, receivedAt, arrived);
        return handled.Problem is { } why
            ? ProblemResults.Unavailable(context, why)
            : Results.Json(AlarmsAnswered.Of(handled.Decisions), statusCode: StatusCodes.Status202Accepted);
    }

    private IResult Refuse(HttpContext context, IAlarmSource source, FieldProblem problem)
    {
        if (problem.Status == StatusCodes.Status429TooManyRequests) context.Response.Headers.RetryAfter = "5";
        RollbackMetrics.Refused(source.Name);
        log.AlarmsRefused(source.Name, problem.Status, problem.Field, problem.Detail);
        return problem.ToResult();
    }

    private IResult Busy(HttpContext context, IAlarmSource source)
    {
        RollbackMetrics.Busy(source.Name);
        log.AlarmsOverloaded(source.Name);
        return ProblemResults.Unavailable(context, "Too many alarms are being read; send them again.");
    }
}
