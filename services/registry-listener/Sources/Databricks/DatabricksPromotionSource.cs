using BlueGreen.Platform.Webhooks;
using BlueGreen.RegistryListener.Sources.Mlflow;

namespace BlueGreen.RegistryListener.Sources.Databricks;

/// <summary>
/// The workspace model registry of Databricks (MLflow with stages). <c>X-Databricks-Signature</c> is the hexadecimal HMAC-SHA256 of the raw
/// body. It has neither delivery id nor signed time: a repetition is known by its body, which carries the event's time.
/// </summary>
internal sealed class DatabricksPromotionSource : IPromotionSource
{
    public const string SignatureHeader = "X-Databricks-Signature";

    public string Name => "databricks";

    public Authentication Authenticate(WebhookRequest request, SourceOptions source) =>
        request.Headers[SignatureHeader] is [{ } signature] && WebhookSignature.IsValidHex(source.Secret, "", request.Body, signature)
            ? new Authentication.Authentic(null)
            : Authentication.Refuse(SignatureHeader, "It must be the HMAC-SHA256 of the body in hexadecimal: create the webhook with a secret.");

    public WebhookReading Read(WebhookRequest request, SourceOptions source)
    {
        var (root, malformed) = EventJson.Read(request.Body);
        if (malformed is not null) return new WebhookReading.Refused(malformed);
        return WebhookReading.Of(new RegistryEvent { OccurredAt = root["event_timestamp"].Time, Reading = Reading(root) });
    }

    private static EventReading Reading(EventJson root) => root["event"].Text switch
    {
        null => EventReading.Missing("event"),
        "MODEL_VERSION_TRANSITIONED_STAGE" or "MODEL_VERSION_TRANSITIONED_TO_STAGING" or "MODEL_VERSION_TRANSITIONED_TO_PRODUCTION"
            or "MODEL_VERSION_TRANSITIONED_TO_ARCHIVED" => Promoted(root, check => [Mark.OfStage(check.Model("to_stage", root["to_stage"].Text))]),
        "MODEL_VERSION_TAG_SET" => Promoted(root, _ => [.. root["tags"].Items.Select(Tag).OfType<Mark>()]),
        "MODEL_VERSION_CREATED" => Promoted(root, _ => [Mark.Created]),
        { } other => new EventReading.Ignored($"{other} is not a promotion"),
    };

    private static EventReading Promoted(EventJson root, Func<PromotionCheck, IReadOnlyList<Mark>> marks)
    {
        var check = new PromotionCheck();
        var model = check.Model("model_name", root["model_name"].Text);
        var version = check.Version("version", root["version"].Text);
        var promotion = new Promotion
        {
            Model = model,
            Version = version,
            Marks = marks(check),
            Artifact = MlflowPromotionSource.InRegistry(model, version),
        };
        return check.Problem is { } problem ? new EventReading.Invalid(problem) : new EventReading.Promoted(promotion);
    }

    private static Mark? Tag(EventJson tag) => tag["key"].Text is { } key ? Mark.OfTag(key, tag["value"].Text) : null;
}
