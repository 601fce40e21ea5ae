using BlueGreen.Platform.Webhooks;

namespace BlueGreen.RegistryListener.Sources.WeightsAndBiases;

/// <summary>
/// Weights &amp; Biases automations. The operator writes the body; expected are the names of W&amp;B's own variables, at the top or under
/// <c>client_payload</c>: <c>event_type</c>, <c>artifact_version_string</c> (or <c>artifact_collection_name</c> and <c>artifact_version</c>),
/// <c>alias</c>, <c>tag</c>, <c>event_author</c>. Signed with <c>X-Wandb-Signature</c>, the HMAC-SHA256 of the body, or by bearer token.
/// </summary>
internal sealed class WandbPromotionSource : IPromotionSource
{
    public const string SignatureHeader = "X-Wandb-Signature";
    private const string ById = "_id/";

    public string Name => "wandb";

    public Authentication Authenticate(WebhookRequest request, SourceOptions source)
    {
        var signatures = request.Headers[SignatureHeader];
        if (signatures.Count == 0) return SharedToken.Authenticate(request, source);
        // Its encoding has differed between releases; the bytes have not.
        return signatures is [{ } signature] && (WebhookSignature.IsValidBase64(source.Secret, "", request.Body, signature)
                || WebhookSignature.IsValidHex(source.Secret, "", request.Body, signature))
            ? new Authentication.Authentic(null)
            : Authentication.Refuse(SignatureHeader, "It must be the HMAC-SHA256 of the body, with the webhook's secret.");
    }

    public WebhookReading Read(WebhookRequest request, SourceOptions source)
    {
        var (root, malformed) = EventJson.Read(request.Body);
        if (malformed is not null) return new WebhookReading.Refused(malformed);
        if (source.Pointers.Model is not null) return WebhookReading.Of(PointedPromotion.Read(root, source.Pointers));
        if (!root.IsObject) return WebhookReading.Of(EventReading.Missing("body", "It must be a JSON object."));
        if (Field(root, "event_type") is not { } type) return WebhookReading.Of(EventReading.Missing("event_type"));
        return type switch
        {
            "ADD_ARTIFACT_ALIAS" or "LINK_ARTIFACT" or "LINK_MODEL" or "ADD_ARTIFACT_TAG" or "CREATE_ARTIFACT" =>
                WebhookReading.Of(new RegistryEvent { OccurredAt = root["timestamp"].Time, Reading = Promoted(root, type) }),
            _ => WebhookReading.Of(new EventReading.Ignored($"{type} is not a promotion")),
        };
    }

    private static EventReading Promoted(EventJson root, string type)
    {
        var check = new PromotionCheck();
        var (path, suffix) = Parts(Field(root, "artifact_version_string"));
        var promotion = new Promotion
        {
            Model = check.Model("artifact_version_string", Field(root, "artifact_collection_name") ?? path?[(path.LastIndexOf('/') + 1)..]),
            Version = Version(check, suffix, Field(root, "artifact_version")),
            Marks = [.. Marks(root, type)],
            Artifact = check.Artifact("artifact.uri", Found(root, "artifact")["uri"].Text, "artifact.sha256", Found(root, "artifact")["sha256"].Text),
            PromotedBy = PromotionCheck.Person(Field(root, "event_author")),
        };
        return check.Problem is { } problem ? new EventReading.Invalid(problem) : new EventReading.Promoted(promotion);
    }

    /// <summary>
    /// <c>team/project/fraud:v7</c> ends with the version only where it is one: after an alias was added it ends with the alias. Then
    /// <c>artifact_version</c> says which: a version, a path that ends with one, or <c>wandb-artifact://_id/{id}</c>.
    /// </summary>
    private static string Version(PromotionCheck check, string? suffix, string? artifactVersion)
    {
        if (IsNumbered(suffix)) return check.Version("artifact_version_string", suffix);
        var (path, last) = Parts(artifactVersion);
        var id = artifactVersion?.IndexOf(ById, StringComparison.Ordinal) ?? -1;
        if (id >= 0) return check.Version("artifact_version", artifactVersion![(id + ById.Length)..].TrimEnd('='));
        if (IsNumbered(last)) return check.Version("artifact_version", last);
        if (artifactVersion is not null && last is null) return check.Version("artifact_version", path);
        check.Refuse("artifact_version_string", "It must end with the version, e.g. `:v7`; where it ends with an alias, add `artifact_version` to the automation's body.");
        return "";
    }

    private static bool IsNumbered(string? version) => version is ['v', _, ..] && version.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0;

    /// <summary>What stands before the last colon and what after it; the colon of a scheme is none.</summary>
    private static (string? Path, string? Suffix) Parts(string? name)
    {
        if (name is null) return (null, null);
        var colon = name.LastIndexOf(':');
        return colon > 0 && !name.AsSpan(colon).StartsWith("://") ? (name[..colon], name[(colon + 1)..]) : (name, null);
    }

    private static IEnumerable<Mark> Marks(EventJson root, string type)
    {
        if (Field(root, "alias") is { } alias) yield return Mark.OfAlias(alias);
        if (Field(root, "tag") is { } tag) yield return new Mark($"tag:{tag}", tag);
        yield return new Mark(type.StartsWith("LINK_", StringComparison.Ordinal) ? "event:linked" : $"event:{type}", null);
        if (type == "CREATE_ARTIFACT") yield return Mark.Created;
    }

    /// <summary>A variable that W&amp;B had no value for stays as it was written: <c>${alias}</c>.</summary>
    private static string? Field(EventJson root, string name) =>
        Found(root, name).Text is { } text && !text.StartsWith("${", StringComparison.Ordinal) ? text : null;

    private static EventJson Found(EventJson root, string name) =>
        root[name] is { IsMissing: false } here ? here : root["client_payload"][name];
}
