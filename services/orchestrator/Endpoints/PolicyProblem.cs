using BlueGreen.Orchestrator.Policies;

namespace BlueGreen.Orchestrator.Endpoints;

/// <summary>422 for a policy: the first error in the usual members, all of them in <c>errors</c>.</summary>
internal static class PolicyProblem
{
    public static IResult Of(IReadOnlyList<PolicyError> errors) => Results.Problem(
        errors[0].Message,
        statusCode: StatusCodes.Status422UnprocessableEntity,
        title: errors.Count == 1
            ? "The policy was refused; nothing was changed."
            : $"The policy was refused for {errors.Count} reasons; nothing was changed.",
        extensions: new Dictionary<string, object?>
        {
            ["field"] = errors[0].Field,
            ["line"] = errors[0].Line,
            ["column"] = errors[0].Column,
            ["errors"] = errors,
        });
}
