using BlueGreen.Platform.Webhooks;
using BlueGreen.RegistryListener.Sources.CloudEvents;
using BlueGreen.RegistryListener.Sources.Mlflow;

namespace BlueGreen.RegistryListener.Sources.AzureMl;

/// <summary>
/// Azure Machine Learning by way of Event Grid, in Event Grid's own schema (arrays; proves the address by a validation event that must be
/// answered with 200) or as CloudEvents (proves it by OPTIONS). Names are PascalCase in one place and camelCase in another, versions
/// numbers or text.
/// </summary>
internal sealed class AzureMlPromotionSource : IPromotionSource
{
    public const string EventTypeHeader = "aeg-event-type";
    private const string Validation = "Microsoft.EventGrid.SubscriptionValidationEvent";
    private const string Registered = "Microsoft.MachineLearningServices.ModelRegistered";

    public string Name => "azureml";

    public Authentication Authenticate(WebhookRequest request, SourceOptions source) => SharedToken.Authenticate(request, source);

    public WebhookReading Read(WebhookRequest request, SourceOptions source)
    {
        if (IsCloudEvent(request)) return CloudEventsOf(request);
        var (root, malformed) = EventJson.Read(request.Body);
        if (malformed is not null) return new WebhookReading.Refused(malformed);
        if (root.IsObject && !root["specversion"].IsMissing) return CloudEventsOf(request);
        var events = root.IsArray ? root.Items.ToList() : [root];
        if (events.Count > 0 && IsValidation(request, events[0])) return Answer(events[0]);
        return new WebhookReading.Events([.. events.Select(item => new RegistryEvent
        {
            Id = item["id"].Text,
            OccurredAt = item["eventTime"].Time,
            Reading = Reading(item["eventType"].Text, item["data"], "eventType"),
        })]);
    }

    private static bool IsCloudEvent(WebhookRequest request) => request.Headers.ContainsKey("ce-specversion")
        || request.Headers.ContentType.ToString().StartsWith("application/cloudevents", StringComparison.OrdinalIgnoreCase);

    private static WebhookReading CloudEventsOf(WebhookRequest request)
    {
        var (events, problem) = CloudEvent.ReadAll(request);
        return problem is not null
            ? new WebhookReading.Refused(problem)
            : new WebhookReading.Events([.. events.Select(item =>
                CloudEventsPromotionSource.Of(item.Event, item.Problem, read => Reading(read.Type, read.Data, "type")))]);
    }

    private static bool IsValidation(WebhookRequest request, EventJson first) =>
        first["eventType"].Text == Validation
        || request.Headers[EventTypeHeader].ToString().Equals("SubscriptionValidation", StringComparison.OrdinalIgnoreCase);

    private static WebhookReading Answer(EventJson validation) => validation["data"]["validationCode"].Text is { } code
        ? new WebhookReading.Handshake(new { validationResponse = code })
        : WebhookReading.Of(EventReading.Missing("data.validationCode"));

    private static EventReading Reading(string? type, EventJson data, string typeField)
    {
        if (type is null) return EventReading.Missing(typeField);
        if (type != Registered) return new EventReading.Ignored($"'{type}' is not a promotion");
        if (!data.IsObject) return EventReading.Missing("data", "The field is required and must be an object.");
        var check = new PromotionCheck();
        var promotion = new Promotion
        {
            Model = check.Model("data.modelName", data["modelName"].Text),
            Version = check.Version("data.modelVersion", data["modelVersion"].Text),
            Marks =
            [
                Mark.Created, .. MlflowPromotionSource.Tags(data["modelTags"]),
                .. data["modelProperties"].Members.Select(property => new Mark($"property:{property.Name}={property.Value.Text}", null)),
            ],
        };
        return check.Problem is { } problem ? new EventReading.Invalid(problem) : new EventReading.Promoted(promotion);
    }
}
