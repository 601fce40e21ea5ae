using BlueGreen.Platform.Webhooks;

namespace BlueGreen.RegistryListener.Sources.CloudEvents;

/// <summary>Any producer of CloudEvents 1.0; the data's fields are found by pointers. Source: cloudevents/spec, HTTP webhook.</summary>
internal sealed class CloudEventsPromotionSource : IPromotionSource
{
    public string Name => "cloudevents";

    public bool RequiresJson => false;

    public Authentication Authenticate(WebhookRequest request, SourceOptions source) => SharedToken.Authenticate(request, source);

    public WebhookReading Read(WebhookRequest request, SourceOptions source)
    {
        var (events, problem) = CloudEvent.ReadAll(request);
        return problem is not null
            ? new WebhookReading.Refused(problem)
            : new WebhookReading.Events([.. events.Select(item => Of(item.Event, item.Problem, @event => Reading(@event, source)))]);
    }

    internal static RegistryEvent Of(CloudEvent? read, FieldProblem? problem, Func<CloudEvent, EventReading> reading) => read is null
        ? RegistryEvent.Of(new EventReading.Invalid(problem!))
        : new RegistryEvent { Id = read.Key, OccurredAt = read.Time, Reading = reading(read) };

    private static EventReading Reading(CloudEvent read, SourceOptions source)
    {
        if (!read.Data.IsObject) return new EventReading.Ignored($"the data of '{read.Type}' is no JSON object: it is not about a model");
        return PointedPromotion.Reading(read.Data, source.Pointers);
    }
}
