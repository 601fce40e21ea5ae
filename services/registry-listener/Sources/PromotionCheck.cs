using BlueGreen.Contracts;
using BlueGreen.Platform.Http;
using BlueGreen.Platform.Webhooks;

namespace BlueGreen.RegistryListener.Sources;

/// <summary>The checks that names and artifacts of foreign events must pass. The first thing wrong is kept; what is returned then is a placeholder.</summary>
internal sealed class PromotionCheck
{
    private const int MaxModel = 256;

    public FieldProblem? Problem { get; private set; }

    /// <summary>A registered model as its registry names it: registries allow what URLs and file names do not.</summary>
    public string Model(string field, string? value) => Required(field, value, MaxModel);

    /// <summary>Becomes part of URLs, file names and labels: letters, digits and <c>. _ - +</c>.</summary>
    public string Version(string field, string? value)
    {
        var version = Required(field, value, PromotionFields.MaxName);
        if (version.Length > 0 && !PromotionFields.IsName(version)) Refuse(field, PromotionFields.NameRule);
        return version;
    }

    public string? Endpoint(string field, string? value)
    {
        if (value is not null && (value.Length > PromotionFields.MaxName || !PromotionFields.IsName(value))) Refuse(field, PromotionFields.NameRule);
        return value;
    }

    /// <summary>Null when the event names no artifact. Without a digest the bytes are pinned when they are first fetched.</summary>
    public ArtifactReference? Artifact(string uriField, string? uri, string digestField, string? digest)
    {
        if (uri is null) return null;
        if (PromotionFields.ArtifactUri(uri) is not { } parsed)
        {
            Refuse(uriField, $"It must be an absolute URI of at most {PromotionFields.MaxUri} characters, without credentials.");
            return null;
        }

        if (digest is null || BlobDigest.IsValid(digest.ToLowerInvariant()))
            return new ArtifactReference { Uri = parsed, Sha256 = digest?.ToLowerInvariant() ?? "" };
        Refuse(digestField, "It must be a SHA-256 digest: 64 hexadecimal digits.");
        return null;
    }

    public static string? Person(string? value) => value is { Length: <= PromotionFields.MaxPerson } ? value : null;

    public void Refuse(string field, string detail) =>
        Problem ??= new FieldProblem(StatusCodes.Status422UnprocessableEntity, field, detail);

    private string Required(string field, string? value, int maxLength)
    {
        if (value is { Length: > 0 } && value.Length <= maxLength) return value;
        Refuse(field, value is null ? "The field is required and must be text." : $"It is longer than {maxLength} characters.");
        return "";
    }
}
