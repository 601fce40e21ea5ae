using System.Text.Json.Nodes;
using BlueGreen.Contracts;
using static BlueGreen.Orchestrator.Policies.PolicyTypes;

namespace BlueGreen.Orchestrator.Policies;

/// <summary>The policy's <c>spec.alarms</c>.</summary>
internal static class AlarmSections
{
    private static readonly string[] Sources = ["alertmanager", "generic"];

    private static readonly string[] PlannedSources =
        ["grafana", "sns", "eventbridge", "datadog", "pagerduty", "opsgenie", "newrelic", "azuremonitor", "gcp"];

    /// <param name="spec">The section that holds the list.</param>
    /// <param name="endpoint">Alarms that carry the label <c>endpoint</c> with this value belong to it by default.</param>
    public static IReadOnlyList<AlarmRule> Read(PolicySection spec, string endpoint) => spec.Sections(
        "alarms",
        "Which alarms mean that this endpoint must go back. Default: those of any source that carry the label `endpoint` with its name; " +
        "an empty list: none.",
        ReadRule,
        () => [.. Sources.Select(source => new AlarmRule { Source = source, Labels = new Dictionary<string, string> { ["endpoint"] = endpoint } })],
        new JsonArray([.. Sources.Select(source => (JsonNode)new JsonObject
        {
            ["source"] = source, ["labels"] = new JsonObject { ["endpoint"] = "{name}" },
        })]));

    private static AlarmRule ReadRule(PolicySection rule) => new()
    {
        Source = rule.Required("source", OneOf(Sources, PlannedSources), "Who raises the alarm."),
        Labels = rule.Pairs("labels", "Labels that the alarm must carry, all of them, with these very values."),
        For = rule.Value(
            "for", Duration(TimeSpan.Zero, TimeSpan.FromHours(1)), TimeSpan.Zero, "How long the alarm must have been firing before it is acted on."),
    };
}
