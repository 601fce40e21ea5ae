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

    public bool TakesTokenInQuery => true;

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
        var context = root["data"]["alertContext"];
        var target = essentials["alertTargetIDs"].Items.FirstOrDefault();
        var labels = new Labels().Add("alertRule", name).Add("severity", essentials["severity"]).Add("signalType", essentials["signalType"])
            .Add("monitoringService", essentials["monitoringService"]).Add("target", target)
            .Add("configurationItem", essentials["configurationItems"].Items.FirstOrDefault())
            .AddAll(root["data"]["customProperties"]).AddAll(context["properties"]);
        var isTest = IsTest(essentials, name);
        var isOver = !isFired || IsHealthyAgain(essentials, context);
        return new Alarm
        {
            Source = Name,
            Name = name,
            Firing = !isOver && !isTest,
            Note = isTest ? "a test notification" : null,
            Labels = AddDimensions(labels, context).Named(name),
            // The same rule, resource and dimensions: the next alert has another id, and is the same alarm again.
            Series = $"{name}|{target.Text?.ToUpperInvariant()}|{LabelDigest.Of(AddDimensions(new Labels(), context).Named(name))}",
            StartsAt = since,
            At = isFired ? since : essentials["resolvedDateTime"].Time(),
            Identity = id is null && since is null ? null : $"{id}|{since:O}",
            Summary = essentials["description"].Text ?? name,
            Payload = root,
        };
    }

    /// <summary>Dimensions of metric and log alerts (also of the first version of these), and the labels of managed Prometheus.</summary>
    private static Labels AddDimensions(Labels labels, PayloadValue context)
    {
        labels.AddAll(context["labels"]).AddAll(context["Dimensions"]);
        foreach (var dimension in context["condition"]["allOf"].Items.SelectMany(condition => condition["dimensions"].Items).Concat(context["Dimensions"].Items))
            if (dimension.Any("name", "Name").Text is { } name) labels.Add(name, dimension.Any("value", "Value"));
        return labels;
    }

    /// <summary>Events of the activity log are always <c>Fired</c>, also the one that says that a resource is well again.</summary>
    private static bool IsHealthyAgain(PayloadValue essentials, PayloadValue context) =>
        essentials["signalType"].Text?.StartsWith("Activity", StringComparison.OrdinalIgnoreCase) == true
        && (context["operationName"].Text?.EndsWith("/healthevent/Resolved/action", StringComparison.OrdinalIgnoreCase) == true
            || "Available".Equals(context["properties"]["currentHealthStatus"].Text, StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// "Test action group" sends samples: of a subscription of its own, or of rules called <c>test-…</c> about resources in a group <c>test-RG</c>,
    /// or with an id that ends in <c>Test_Alert</c>. Either name alone may be somebody's real one.
    /// </summary>
    private static bool IsTest(PayloadValue essentials, string name)
    {
        var ids = new[] { essentials["alertId"].Text, essentials["originAlertId"].Text };
        return ids.Any(id => id?.StartsWith(TestSubscription, StringComparison.OrdinalIgnoreCase) == true
                || id?.EndsWith("/Test_Alert", StringComparison.OrdinalIgnoreCase) == true)
            || (name.StartsWith("test-", StringComparison.OrdinalIgnoreCase) && essentials["alertTargetIDs"].Items.Any(
                target => target.Text?.Contains("/resourcegroups/test-RG/", StringComparison.OrdinalIgnoreCase) == true));
    }
}
