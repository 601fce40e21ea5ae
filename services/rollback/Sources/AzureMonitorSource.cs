using BlueGreen.Platform.Webhooks;
using BlueGreen.Rollback.Alarms;

namespace BlueGreen.Rollback.Sources;

/// <summary>
/// Azure Monitor's action groups with the common alert schema. Their webhooks can send no header, so the token may stand in the address's
/// query. <c>Fired</c> fires, <c>Resolved</c> ends it.
/// </summary>
internal sealed class AzureMonitorSource : IAlarmSource
{
    private const string Schema = "azureMonitorCommonAlertSchema";

    /// <summary>The subscription that all samples of "Test action group" are of.</summary>
    private const string TestSubscription = "/subscriptions/11111111-1111-1111-1111-111111111111/";

    public string Name => "azuremonitor";

    public ValueTask<FieldProblem?> AuthenticateAsync(WebhookRequest request, AlarmSourceOptions options, CancellationToken cancellationToken) =>
        ValueTask.FromResult(SourceToken.Check(request, options, alsoInQuery: true));

    public AlarmReading Read(WebhookRequest request, AlarmSourceOptions options)
    {
        var (root, problem) = PayloadValue.Parse(request.Body);
        if (problem is not null) return AlarmReading.Invalid(problem);
        if (root["schemaId"].Text != Schema)
            return AlarmReading.Invalid(root["schemaId"].Refuse($"It must be `{Schema}`: enable the common alert schema in the action group."));
        var essentials = root["data"]["essentials"];
        if (essentials["alertRule"].Text is not { } name) return AlarmReading.Invalid(essentials["alertRule"].Refuse("An alert names its rule."));
        var condition = essentials["monitorCondition"];
        return condition.Text is "Fired" or "Resolved"
            ? AlarmReading.Of(ReadAlert(root, essentials, name, condition.Text == "Fired"))
            : AlarmReading.Invalid(condition.Refuse("It must be `Fired` or `Resolved`."));
    }

    private Alarm ReadAlert(PayloadValue root, PayloadValue essentials, string name, bool isFired)
    {
        var id = essentials.Any("alertId", "originAlertId").Text;
        var since = essentials["firedDateTime"].Time();
        var labels = new Labels().Add("alertRule", name).Add("severity", essentials["severity"]).Add("signalType", essentials["signalType"])
            .Add("monitoringService", essentials["monitoringService"]).Add("target", essentials["alertTargetIDs"].Items.FirstOrDefault())
            .Add("configurationItem", essentials["configurationItems"].Items.FirstOrDefault())
            .AddAll(root["data"]["customProperties"]).AddAll(root["data"]["alertContext"]["properties"]);
        foreach (var dimension in root["data"]["alertContext"]["condition"]["allOf"].Items.SelectMany(condition => condition["dimensions"].Items))
            if (dimension["name"].Text is { } dimensionName) labels.Add(dimensionName, dimension["value"]);
        var isTest = id?.StartsWith(TestSubscription, StringComparison.OrdinalIgnoreCase) == true;
        return new Alarm
        {
            Source = Name,
            Name = name,
            Firing = isFired && !isTest,
            Note = isTest ? "a test notification" : null,
            Labels = labels.Named(name),
            Series = id ?? name,
            StartsAt = since,
            Identity = id is null && since is null ? null : $"{id}|{since:O}",
            Summary = essentials["description"].Text ?? name,
            Payload = root,
        };
    }
}
