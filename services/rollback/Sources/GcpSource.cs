using BlueGreen.Platform.Webhooks;
using BlueGreen.Rollback.Alarms;

namespace BlueGreen.Rollback.Sources;

/// <summary>
/// Google Cloud Monitoring's webhook channel (versions 1.1, 1.2; <c>test</c> for the console's test), and the same as the data of a Pub/Sub
/// push. The token may stand in the address's query or be the password of basic authentication.
/// </summary>
internal sealed class GcpSource : IAlarmSource
{
    public string Name => "gcp";

    public bool TakesTokenInQuery => true;

    public AlarmReading Read(WebhookRequest request, AlarmSourceOptions options)
    {
        var (root, problem) = PayloadValue.Parse(request.Body);
        if (problem is null && root["message"]["data"] is { Exists: true } data) (root, problem) = Unwrap(data);
        if (problem is not null) return AlarmReading.Invalid(problem);
        var incident = root["incident"];
        if (!incident.IsObject) return AlarmReading.Invalid(incident.Refuse("Google Cloud Monitoring tells of an `incident`."));
        var told = incident["state"];
        var state = told.Text?.ToUpperInvariant();
        if (state is not ("OPEN" or "CLOSED")) return AlarmReading.Invalid(told.Refuse("It must be `open` or `closed`."));

        var name = incident["condition_name"].Text ?? incident["condition"]["displayName"].Text ?? incident["policy_name"].Text ?? "incident";
        var id = incident["incident_id"].Scalar;
        var isTest = root["version"].Text == "test";
        var isOpen = state == "OPEN";
        return AlarmReading.Of(new Alarm
        {
            Source = Name,
            Name = name,
            Firing = isOpen && !isTest,
            Note = isTest ? "a test notification" : null,
            Labels = LabelsOf(incident).Named(name),
            Series = incident.Any("condition_name", "policy_name").Exists
                ? $"{name}|{LabelDigest.Of(AddSubject(new Labels(), incident).Named(name))}"
                : id ?? name,
            StartsAt = incident["started_at"].Time(),
            At = isOpen ? null : incident["ended_at"].Time(),
            Identity = id,
            Summary = incident["summary"].Text ?? name,
            Payload = root,
        });
    }

    private static Labels LabelsOf(PayloadValue incident) => AddSubject(
        new Labels().AddAll(incident["policy_user_labels"]).AddAll(incident["metadata"]["user_labels"]).Add("severity", incident["severity"]),
        incident);

    /// <summary>What the incident is about: the next incident of the same condition and time series says the same.</summary>
    private static Labels AddSubject(Labels labels, PayloadValue incident) => labels
        .Add("policy_name", incident["policy_name"]).Add("condition_name", incident["condition_name"])
        .Add("project", incident["scoping_project_id"])
        .Add("resource_name", incident["resource_name"]).Add("resource_id", incident["resource_id"])
        .AddAll(incident["resource"]["labels"]).AddAll(incident["metric"]["labels"]);

    private static (PayloadValue, FieldProblem?) Unwrap(PayloadValue data)
    {
        var bytes = new byte[data.Raw?.Length ?? 0];
        return data.Raw is { } base64 && Convert.TryFromBase64String(base64, bytes, out var length)
            ? PayloadValue.Parse(bytes.AsMemory(0, length), data.Path)
            : (default, data.Refuse("It must be base64."));
    }
}
