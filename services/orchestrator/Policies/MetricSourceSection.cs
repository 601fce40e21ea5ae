using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using BlueGreen.Contracts;
using static BlueGreen.Orchestrator.Policies.PolicyTypes;

namespace BlueGreen.Orchestrator.Policies;

/// <summary>The policy's <c>spec.bake.metrics[].source</c>.</summary>
internal static partial class MetricSourceSection
{
    /// <summary>Name of a metric that a monitoring system knows.</summary>
    public static PolicyType<string> FreeName { get; } = Text(NameRegex(), "a name of letters, digits, hyphens, dots and underscores", "checkout-rate");

    /// <summary>What a monitoring system is asked.</summary>
    public static PolicyType<string> Query { get; } = Text(QueryRegex(), "a query", "up");

    /// <summary>The names that the routers know, in a schema that lets every name through: which it is depends on the source.</summary>
    public static PolicyType<string> Name(PolicyType<string> known) => known with
    {
        Schema = () => new JsonObject { ["type"] = "string", ["pattern"] = NameRegex().ToString() },
    };

    public static MetricSource Read(PolicySection source)
    {
        var kind = source.Required(
            "kind", OneOf(["prometheus", "http", "webhook", "datadog", "newrelic", "cloudwatch"]), "Which monitoring system it is.");
        var value = source.OptionalText("value", DistributionSection.Pointer, "JSON pointer to the number in the answer, for `http` and `webhook`.");
        var account = source.OptionalText("account", FreeName, "New Relic's account number, or the AWS region.");
        source.Rule(kind is not ("http" or "webhook") || value is not null, "Say where the number stands in the answer: value: /a/b.", "kind");
        source.Rule(kind != "newrelic" || account is not null, "New Relic needs the number of the account.", "kind");
        return new MetricSource
        {
            Kind = kind,
            Address = new Uri(source.Required(
                "address", Text(AddressRegex(), "an address such as https://prometheus.example/", "https://prometheus.example/"),
                "Base address. Its host must be in the validator's `BlueGreen:Validator:Metrics:AllowedHosts`.").TrimEnd('/') + "/"),
            Query = source.Required(
                "query", Query,
                "PromQL, path, Datadog query, NRQL or CloudWatch expression whose answer is one number; `{endpoint}`, `{environment}` and `{version}` are filled in."),
            Value = value,
            Window = source.Value(
                "window", Duration(TimeSpan.FromSeconds(10), TimeSpan.FromDays(7)), TimeSpan.FromMinutes(5), "How far back Datadog and CloudWatch look."),
            Account = account,
            SecretRef = source.OptionalText("secretRef", FreeName, "Name of the secret: the validator reads `BlueGreen:Secrets:<name>`."),
        };
    }

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$", RegexOptions.ECMAScript)]
    private static partial Regex NameRegex();

    [GeneratedRegex("^https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~/-]*)?$", RegexOptions.ECMAScript)]
    private static partial Regex AddressRegex();

    [GeneratedRegex("^[^\\x00-\\x1f]{1,4000}$", RegexOptions.ECMAScript)]
    private static partial Regex QueryRegex();
}
