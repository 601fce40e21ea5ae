using System.Text.RegularExpressions;
using BlueGreen.Contracts;
using BlueGreen.Platform.Http;

namespace BlueGreen.Orchestrator.Deployments;

/// <summary>Checks an operator's promotion, one clear field at a time.</summary>
internal static partial class PromotionValidation
{
    private const int LongestName = 128;

    public static IResult? Check(PromotionRequest request) =>
        Name(request.Endpoint, "endpoint") ?? Name(request.Model, "model") ?? Name(request.Version, "version") ?? Artifact(request.Artifact);

    public static ModelPromoted ToMessage(PromotionRequest request, DateTimeOffset now) => new()
    {
        DeploymentId = Guid.CreateVersion7(now),
        Endpoint = request.Endpoint!,
        Model = request.Model!,
        Version = request.Version!,
        Artifact = new ArtifactReference
        {
            Uri = new Uri(request.Artifact!.Uri!),
            Sha256 = request.Artifact.Sha256!,
        },
        Source = "operator",
        PromotedBy = request.PromotedBy,
        PromotedAt = now,
    };

    private static IResult? Name(string? value, string field)
    {
        if (string.IsNullOrWhiteSpace(value)) return ProblemResults.Invalid(422, field, $"'{field}' is required.");
        return value.Length > LongestName ? ProblemResults.Invalid(422, field, $"'{field}' may have {LongestName} characters.") : null;
    }

    private static IResult? Artifact(ArtifactRequest? artifact)
    {
        // A bare path counts as an absolute URI on Unix, but would be a relative one to whoever reads it from a message.
        if (artifact?.Uri?.Contains(':', StringComparison.Ordinal) != true || !Uri.TryCreate(artifact.Uri, UriKind.Absolute, out _))
            return ProblemResults.Invalid(422, "artifact.uri", "An absolute URI is required, e.g. file:///models/fraud-v2.zip.");
        return Sha256().IsMatch(artifact.Sha256 ?? "")
            ? null
            : ProblemResults.Invalid(422, "artifact.sha256", "64 lower-case hexadecimal digits are required.");
    }

    [GeneratedRegex("^[0-9a-f]{64}$")]
    private static partial Regex Sha256();
}
