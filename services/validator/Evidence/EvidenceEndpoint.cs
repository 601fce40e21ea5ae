using BlueGreen.Judging.Evidence;
using BlueGreen.Platform.Http;

namespace BlueGreen.Validator.Evidence;

/// <summary><c>GET /api/v1/evidence/{deployment}</c>: what its gates judged in the given attempt, or in the last.</summary>
internal static class EvidenceEndpoint
{
    public static async Task<IResult> GetAsync(Guid deployment, int? attempt, EvidenceStore store, CancellationToken cancellationToken) =>
        await store.FindAsync(deployment, attempt, cancellationToken) is { } evidence
            ? TypedResults.Json(evidence, EvidenceJson.Default.DeploymentEvidence)
            : ProblemResults.NotFound($"No evidence is kept of deployment {deployment}{(attempt is null ? "" : $", attempt {attempt}")}.");

    /// <summary><c>GET /api/v1/evidence/{deployment}/bake</c>: what its bake saw, look by look, while it is under way as well.</summary>
    public static async Task<IResult> GetBakeAsync(Guid deployment, int? attempt, IBakeRecords bakes, CancellationToken cancellationToken) =>
        await bakes.FindAsync(deployment, attempt, cancellationToken) is { } evidence
            ? TypedResults.Json(evidence, EvidenceJson.Default.BakeEvidence)
            : ProblemResults.NotFound($"Nothing is kept of a bake of deployment {deployment}{(attempt is null ? "" : $", attempt {attempt}")}.");
}
