using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using BlueGreen.Contracts;
using static BlueGreen.Orchestrator.Policies.PolicyTypes;

namespace BlueGreen.Orchestrator.Policies;

/// <summary>The policy's <c>spec.promotion.registries</c>.</summary>
internal static partial class RegistrySections
{
    public static IReadOnlyList<RegistryRule> Read(PolicySection promotion) => promotion.Sections(
        "registries", "Models of registries that are for this endpoint under other names or by other marks. Default: none; a model of the endpoint's name is.",
        ReadRule, () => [], new JsonArray());

    private static RegistryRule ReadRule(PolicySection rule) => new()
    {
        Source = rule.Required(
            "source", Text(NameRegex(), "the name of a webhook's source, such as mlflow", "mlflow"), "The registry, as its webhook's address names it."),
        Model = Optional(rule.Value("model", Text(ModelRegex(), "a model's name of 1 to 256 characters", "fraud"), "", "The model's name there.", "the endpoint's name")),
        On = rule.OptionalTexts("on", "Marks that promote, such as `alias:champion`, `tag:stage=prod`, `stage:Production`, `approval:Approved`, `event:created`. "
            + "Default: an alias, stage or tag `stage` that equals `promotion.stage`, or an approval."),
        Artifact = Optional(rule.Value("artifact", Text(UriRegex(), "an absolute URI", "s3://models/{model}/{version}.zip"), "",
            "Where the artifact is; `{model}`, `{version}` and `{uri}` are filled in.", "where the registry says")),
    };

    private static string? Optional(string text) => text.Length == 0 ? null : text;

    [GeneratedRegex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", RegexOptions.ECMAScript)]
    private static partial Regex NameRegex();

    [GeneratedRegex("^[!-~]([ -~]{0,254}[!-~])?$", RegexOptions.ECMAScript)]
    private static partial Regex ModelRegex();

    [GeneratedRegex(@"^(\{uri\}|[a-z][a-z0-9+.-]*:)[!-~]*$", RegexOptions.ECMAScript)]
    private static partial Regex UriRegex();
}
