using Microsoft.AspNetCore.Http;

namespace BlueGreen.Platform.Http;

/// <summary>RFC 9457 answers that say which field is wrong and how to mend it.</summary>
public static class ProblemResults
{
    /// <param name="status">HTTP status, 4xx.</param>
    /// <param name="field">JSON path, header or option at fault, e.g. <c>artifact.sha256</c>.</param>
    /// <param name="detail">What is wrong with it and what would be right.</param>
    public static IResult Invalid(int status, string field, string detail) =>
        Results.Problem(detail, statusCode: status, title: "The request was refused; nothing was changed.",
            extensions: new Dictionary<string, object?> { ["field"] = field });

    public static IResult NotFound(string what) => Invalid(StatusCodes.Status404NotFound, "path", what);

    public static IResult Conflict(string detail) => Results.Problem(
        detail, statusCode: StatusCodes.Status409Conflict, title: "The request conflicts with the current state; nothing was changed.");

    /// <summary>503 with Retry-After: overload or a dependency that is down, never a 4xx (alerting systems do not retry those).</summary>
    public static IResult Unavailable(HttpContext context, string detail, int retryAfterSeconds = 5)
    {
        context.Response.Headers.RetryAfter = retryAfterSeconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return Results.Problem(detail, statusCode: StatusCodes.Status503ServiceUnavailable, title: "Try again shortly.");
    }
}
