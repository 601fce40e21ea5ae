using BlueGreen.Platform.Http;
using Microsoft.AspNetCore.Http;

namespace BlueGreen.Platform.Webhooks;

/// <summary>Why a request is refused.</summary>
/// <param name="Status">HTTP status, 4xx.</param>
/// <param name="Field">JSON path, header or option at fault, e.g. <c>artifact.sha256</c>.</param>
/// <param name="Detail">What is wrong with it and what would be right.</param>
public sealed record FieldProblem(int Status, string Field, string Detail)
{
    /// <summary>The answer as problem+json.</summary>
    public IResult ToResult() => ProblemResults.Invalid(Status, Field, Detail);
}
