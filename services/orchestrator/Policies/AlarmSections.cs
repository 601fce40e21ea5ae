using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using BlueGreen.Contracts;
using static BlueGreen.Orchestrator.Policies.PolicyTypes;

namespace BlueGreen.Orchestrator.Policies;

/// <summary>The policy's <c>spec.alarms</c>, and who is told of what becomes of them.</summary>
internal static partial class AlarmSections
{
    private const string Any = "any";

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private static readonly string[] Sources =
    [
        Any, "alertmanager", "generic", "grafana", "sns", "eventbridge", "datadog", "pagerduty", "opsgenie", "newrelic", "azuremonitor", "gcp",
    ];

    private static readonly string[] Events = ["reverted", "refused", "attention", "rolled-back"];

    /// <param name="spec">The section that holds the list.</param>
    /// <param name="endpoint">Alarms that carry the label <c>endpoint</c> with this value belong to it by default.</param>
    public static IReadOnlyList<AlarmRule> Read(PolicySection spec, string endpoint)
    {
        var rules = spec.Sections(
            "alarms",
            "Which alarms mean that this endpoint must go back: any of these. Default: those of any source that carry the label `endpoint` with "
            + "its name; an empty list: none.",
            ReadRule,
            () => [new AlarmRule { Source = Any, Labels = new Dictionary<string, string> { ["endpoint"] = endpoint } }],
            new JsonArray(new JsonObject { ["source"] = Any, ["labels"] = new JsonObject { ["endpoint"] = "{name}" } }));
        foreach (var alone in rules.Where(rule => rule.Together is not null).GroupBy(rule => rule.Together).Where(group => group.Count() == 1))
            spec.Rule(false, $"Only one alarm has `together: {alone.Key}`: it takes two to act together.", "alarms");
        return rules;
    }

    /// <summary>The policy's <c>spec.rollback.notify</c>.</summary>
    public static IReadOnlyList<NotifyRule> ReadNotify(PolicySection rollback) => rollback.Sections(
        "notify", "Who is told of rollbacks. Default: nobody but the log.", ReadTarget, () => [], new JsonArray());

    private static NotifyRule ReadTarget(PolicySection notify) => new()
    {
        SecretRef = notify.Required(
            "secretRef", Text(NameRegex(), "a name of 1 to 63 letters, digits and inner hyphens", "chat-ml"),
            "Name of a target in the rollback service's configuration, which knows its address and credentials."),
        On = notify.OptionalWords("on", Events, "What is told. Default: everything."),
    };

    private static AlarmRule ReadRule(PolicySection rule)
    {
        var labels = rule.OptionalPairs("labels", "Labels that the alarm must carry, all of them, with these very values.");
        var pointers = rule.OptionalPairs(
            "pointers", "JSON pointers (`/a/b/0`) into what the source sent about the alarm, and the values they must lead to.");
        var read = new AlarmRule
        {
            Source = rule.Required("source", OneOf(Sources), "Who raises the alarm; `any`: every source."),
            Labels = labels,
            Pointers = pointers,
            For = rule.Value(
                "for", Duration(TimeSpan.Zero, Hour), TimeSpan.Zero, "How long the alarm must have been firing before it is acted on."),
            Within = rule.Value(
                "within", Duration(TimeSpan.Zero, 24 * Hour), TimeSpan.Zero,
                "The time over which `for` may add up, for alarms that flap; `0s`: it must fire without interruption."),
            Settle = rule.Value(
                "settle", Duration(TimeSpan.Zero, Hour), TimeSpan.Zero,
                "How long after the switch the alarm is not acted on, for transients; what still fires then acts."),
            Together = rule.OptionalText(
                "together", Text(NameRegex(), "a word of 1 to 63 letters, digits and inner hyphens", "capacity"),
                "Alarms with the same word act only when all of them fire."),
            EnvironmentLabel = rule.Value(
                "environmentLabel", Text(LabelRegex(), "a label's name", "environment"), "environment",
                "Label that says which environment (by id) or model version the alarm is about, where it carries one."),
        };
        rule.Rule(labels.Count + pointers.Count > 0, "Say which alarms: give labels, pointers or both.", "labels", "pointers");
        rule.Rule(pointers.Keys.All(pointer => pointer.StartsWith('/')), "A pointer begins with a slash.", "pointers");
        rule.Rule(
            read.Within == TimeSpan.Zero || read.Within > read.For && read.For > TimeSpan.Zero,
            "within must be longer than for, which must be given.", "within", "for");
        return read;
    }

    [GeneratedRegex("^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$", RegexOptions.ECMAScript)]
    private static partial Regex NameRegex();

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_.-]{0,127}$", RegexOptions.ECMAScript)]
    private static partial Regex LabelRegex();
}
