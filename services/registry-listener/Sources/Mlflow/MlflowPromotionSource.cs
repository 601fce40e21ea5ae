using BlueGreen.Contracts;
using BlueGreen.Platform.Webhooks;
using Microsoft.Extensions.Options;

namespace BlueGreen.RegistryListener.Sources.Mlflow;

/// <summary>
/// MLflow 3. It has no stages any more: a promotion is an alias or a tag. <c>X-MLflow-Signature</c> is <c>v1,</c> and the base64
/// HMAC-SHA256 over <c>{X-MLflow-Delivery-Id}.{X-MLflow-Timestamp}.{raw body}</c>; repetitions carry the same three headers.
/// Source: mlflow/webhooks/{delivery,types}.py of MLflow 3.
/// </summary>
internal sealed class MlflowPromotionSource(IOptionsMonitor<RegistryListenerOptions> options) : IPromotionSource
{
    public const string DeliveryHeader = "X-MLflow-Delivery-Id";
    public const string TimestampHeader = "X-MLflow-Timestamp";
    public const string SignatureHeader = "X-MLflow-Signature";
    private const string SignaturePrefix = "v1,";

    public string Name => "mlflow";

    public Authentication Authenticate(WebhookRequest request, SourceOptions source)
    {
        if (request.Headers[DeliveryHeader] is not [{ } delivery] || !DeliveryIds.IsValid(delivery))
            return Authentication.Refuse(DeliveryHeader, "MLflow sends its delivery id here.");
        if (request.Headers[TimestampHeader] is not [{ } stamp] || !SignedTime.TryRead(stamp, out var seconds))
            return Authentication.Refuse(TimestampHeader, "MLflow sends the time of signing here, in whole seconds.");
        if (request.Headers[SignatureHeader] is not [{ } signature] || !signature.StartsWith(SignaturePrefix, StringComparison.Ordinal))
            return Authentication.Refuse(SignatureHeader, "It must be `v1,` and a signature in base64: create the MLflow webhook with a secret.");
        if (!WebhookSignature.IsValidBase64(source.Secret, $"{delivery}.{stamp}.", request.Body, signature[SignaturePrefix.Length..]))
            return Authentication.Refuse(SignatureHeader, "The signature does not match the delivery id, the timestamp and the body.");
        var window = options.CurrentValue.ReplayWindow;
        return SignedTime.IsWithin(window, seconds, request.ReceivedAt)
            ? new Authentication.Authentic(delivery)
            : SignedTime.Outside(TimestampHeader, window);
    }

    public WebhookReading Read(WebhookRequest request, SourceOptions source)
    {
        var (root, malformed) = EventJson.Read(request.Body);
        if (malformed is not null) return new WebhookReading.Refused(malformed);
        return WebhookReading.Of(new RegistryEvent { OccurredAt = root["timestamp"].Time, Reading = Reading(root) });
    }

    private static EventReading Reading(EventJson root)
    {
        if (root["entity"].Text is not { } entity) return EventReading.Missing("entity");
        if (root["action"].Text is not { } action) return EventReading.Missing("action");
        var data = root["data"];
        if (!data.IsObject) return EventReading.Missing("data", "The field is required and must be an object.");
        return $"{entity}.{action}" switch
        {
            "model_version_alias.created" => Promoted(data, check => [Mark.OfAlias(check.Model("data.alias", data["alias"].Text))]),
            "model_version_tag.set" => Promoted(data, check => [Mark.OfTag(check.Model("data.key", data["key"].Text), data["value"].RawText)]),
            "model_version.created" => Promoted(data, _ => [Mark.Created, .. Tags(data["tags"])]),
            var other => new EventReading.Ignored($"{other} is not a promotion"),
        };
    }

    private static EventReading Promoted(EventJson data, Func<PromotionCheck, IReadOnlyList<Mark>> marks)
    {
        var check = new PromotionCheck();
        var model = check.Model("data.name", data["name"].Text);
        var version = check.Version("data.version", data["version"].Text);
        var promotion = new Promotion { Model = model, Version = version, Marks = marks(check), Artifact = InRegistry(model, version) };
        return check.Problem is { } problem ? new EventReading.Invalid(problem) : new EventReading.Promoted(promotion);
    }

    /// <summary>The registry's own address of a version: whoever fetches it asks the registry where the files are. Null without a name.</summary>
    internal static ArtifactReference? InRegistry(string model, string version) => model.Length > 0 && version.Length > 0
        ? new ArtifactReference { Uri = new Uri($"models:/{Uri.EscapeDataString(model)}/{Uri.EscapeDataString(version)}"), Sha256 = "" }
        : null;

    internal static IEnumerable<Mark> Tags(EventJson tags) =>
        tags.Members.Select(tag => Mark.OfTag(tag.Name, tag.Value.Text));
}
