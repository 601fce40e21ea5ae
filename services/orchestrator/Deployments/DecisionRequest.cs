using BlueGreen.Platform.Http;

namespace BlueGreen.Orchestrator.Deployments;

/// <summary>Body of <c>POST /api/v1/deployments/{id}/approve·reject·cancel</c>.</summary>
/// <param name="RequestedBy">Who decides; required.</param>
/// <param name="Reason">Why; required but for approving a switch.</param>
/// <param name="EnvironmentId">The environment that was looked at; if given, another one is refused.</param>
/// <param name="Fingerprint">Its fingerprint; if given, another one is refused.</param>
internal sealed record DecisionRequest(string? RequestedBy, string? Reason, Guid? EnvironmentId, string? Fingerprint)
{
    private const int LongestName = 256;
    private const int LongestReason = 1024;

    public IResult? CheckWho()
    {
        if (string.IsNullOrWhiteSpace(RequestedBy) || RequestedBy.Length > LongestName)
            return ProblemResults.Invalid(422, "requestedBy", $"Say who decides, in 1 to {LongestName} characters: it goes into the history.");
        return Reason?.Length > LongestReason ? CheckReason() : null;
    }

    public IResult? CheckReason() => string.IsNullOrWhiteSpace(Reason) || Reason.Length > LongestReason
        ? ProblemResults.Invalid(422, "reason", $"Say why, in 1 to {LongestReason} characters: it goes into the history.")
        : null;
}
