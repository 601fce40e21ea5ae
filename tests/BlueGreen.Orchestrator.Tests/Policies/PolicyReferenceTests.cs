using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using BlueGreen.Orchestrator.Policies;

namespace BlueGreen.Orchestrator.Tests.Policies;

/// <summary>
/// Keeps <c>docs/policy.schema.json</c> and the table of fields in <c>docs/policy.md</c> true: both are drawn from the declarations that
/// the parser reads by. <c>BLUEGREEN_APPROVE=1</c> redraws them.
/// </summary>
public sealed partial class PolicyReferenceTests
{
    private const string Begin = "<!-- fields: generated from the parser by PolicyReferenceTests -->\n";
    private const string End = "<!-- /fields -->";

    [Fact]
    public void SchemaFile_IsWhatTheParserReads() => AssertApproved("policy.schema.json", _ => PolicySchema.Text);

    [Fact]
    public void Documentation_HasEveryFieldWithItsDefault() => AssertApproved("policy.md", text =>
    {
        var (begin, end) = (text.IndexOf(Begin, StringComparison.Ordinal), text.IndexOf(End, StringComparison.Ordinal));
        Assert.True(begin >= 0 && end > begin, $"docs/policy.md has no block between '{Begin.Trim()}' and '{End}'.");
        return text[..(begin + Begin.Length)] + Table() + text[end..];
    });

    [Fact]
    public void Documentation_ItsExampleIsValid()
    {
        var example = YamlBlock().Match(File.ReadAllText(DocsPath("policy.md"))).Groups[1].Value;

        Assert.NotEmpty(example);
        Assert.Empty(APolicy.Parse(example).Errors);
    }

    [Fact]
    public void PoliciesShippedWithTheProduct_AreValid()
    {
        var policies = Directory.EnumerateFiles(DocsPath("../deploy"), "*.yaml", SearchOption.AllDirectories)
            .Select(path => (path, text: File.ReadAllText(path)))
            .Where(file => file.text.Contains("apiVersion: bluegreen/", StringComparison.Ordinal)).ToList();

        Assert.NotEmpty(policies);
        Assert.All(policies, file => Assert.Empty(APolicy.Parse(file.text).Errors.Select(error => $"{file.path}:{error}")));
    }

    /// <summary>Written out by hand, so that a field that gets lost is missed.</summary>
    [Fact]
    public void Schema_HasTheFieldsOfAFullPolicy()
    {
        var fields = Fields(PolicyParser.DescribeSchema(), "").Select(field => field.Path).ToHashSet();

        string[] expected =
        [
            "apiVersion", "kind", "metadata.name", "spec.route.path", "spec.route.cutover", "spec.route.onControlPlaneLoss",
            "spec.route.timeout", "spec.route.maxBody", "spec.route.drain", "spec.route.mirror.green", "spec.route.mirror.blue",
            "spec.route.shift.canary.percent", "spec.route.shift.canary.wait", "spec.route.shift.linear.step", "spec.route.shift.linear.wait",
            "spec.route.shift.stickyHeader", "spec.route.shift.stickyCookie", "spec.route.driver.kind", "spec.route.driver.target",
            "spec.route.driver.settings",
            "spec.promotion.stage", "spec.promotion.autoSwitch", "spec.promotion.whenBusy", "spec.promotion.approvals",
            "spec.promotion.fourEyes", "spec.promotion.registries", "spec.promotion.registries[].source", "spec.promotion.registries[].model",
            "spec.promotion.registries[].on", "spec.promotion.registries[].artifact", "spec.hooks", "spec.hooks[].name", "spec.hooks[].when",
            "spec.hooks[].url", "spec.hooks[].timeout", "spec.hooks[].attempts", "spec.hooks[].interval", "spec.hooks[].secretRef", "spec.deadline", "spec.environment.driver", "spec.environment.protocol",
            "spec.environment.inference.path", "spec.environment.inference.readyPath", "spec.environment.inference.score",
            "spec.environment.inference.rows", "spec.environment.inference.stream",
            "spec.environment.replicas", "spec.environment.command", "spec.environment.costPerHour", "spec.provision.deadline",
            "spec.provision.attempts", "spec.capture.rate", "spec.capture.maxBytes", "spec.capture.keep",
            "spec.capture.ttl", "spec.capture.redact", "spec.warmup.payloads", "spec.warmup.requests", "spec.warmup.stable.window",
            "spec.warmup.stable.tolerance", "spec.warmup.maxBatch", "spec.warmup.concurrency", "spec.validation.payloads", "spec.validation.load.factor",
            "spec.validation.load.rate", "spec.validation.load.duration", "spec.gates", "spec.gates[].health",
            "spec.gates[].latency.p50", "spec.gates[].latency.p95", "spec.gates[].latency.p99", "spec.gates[].latency.requests",
            "spec.gates[].errorRate.max", "spec.gates[].distribution.statistic", "spec.gates[].distribution.margin",
            "spec.gates[].distribution.confidence", "spec.gates[].distribution.samples", "spec.gates[].distribution.bins",
            "spec.gates[].distribution.binRule", "spec.gates[].distribution.epsilon", "spec.gates[].distribution.logBase",
            "spec.gates[].distribution.slices.by", "spec.gates[].distribution.slices.minSamples",
            "spec.gates[].distribution.ignore", "spec.gates[].distribution.calibrate.retrains", "spec.gates[].distribution.calibrate.retrains[].file",
            "spec.gates[].distribution.calibrate.splits", "spec.gates[].distribution.calibrate.quantile",
            "spec.gates[].distribution.calibrate.maxMargin", "spec.gates[].paired.ignore", "spec.gates[].schema",
            "spec.gates[].golden.file", "spec.gates[].golden.label", "spec.gates[].golden.minRecall", "spec.gates[].golden.maxFpr",
            "spec.gates[].golden.minAccuracy", "spec.gates[].golden.threshold", "spec.gates[].golden.maxCalibrationError",
            "spec.gates[].golden.tolerance", "spec.gates[].golden.expected", "spec.gates[].paired.maxDisagreement",
            "spec.gates[].paired.tolerance", "spec.gates[].paired.requests", "spec.gates[].external.name", "spec.gates[].external.low",
            "spec.gates[].external.high", "spec.gates[].external.dryRun", "spec.gates[].features.file", "spec.gates[].features.required",
            "spec.gates[].features.ignore", "spec.gates[].features.maxNullRate", "spec.gates[].features.statistic",
            "spec.gates[].features.margin", "spec.gates[].features.confidence", "spec.gates[].features.requests", "spec.gates[].compatibility.path",
            .. Source("spec.gates[].external.source"), .. Source("spec.bake.metrics[].source"),
            "spec.bake.metrics[].initialDelay", "spec.bake.metrics[].interval", "spec.bake.metrics[].count",
            "spec.bake.metrics[].inconclusiveLimit", "spec.bake.metrics[].consecutiveErrorLimit",
            "spec.bake.duration", "spec.bake.maxDuration", "spec.bake.interval", "spec.bake.retention", "spec.bake.onInconclusive",
            "spec.bake.metrics", "spec.bake.metrics[].name", "spec.bake.metrics[].low", "spec.bake.metrics[].high",
            "spec.bake.metrics[].failureLimit", "spec.bake.metrics[].minRequests", "spec.bake.metrics[].sequential.of",
            "spec.bake.metrics[].sequential.value", "spec.bake.metrics[].sequential.largest", "spec.bake.metrics[].sequential.against",
            "spec.bake.metrics[].sequential.confidence", "spec.bake.compare",
            .. new[]
            {
                "samples", "statistic", "margin", "confidence", "bins", "binRule", "epsilon", "logBase",
            }.Select(field => $"spec.bake.compare[].distribution.{field}"),
            "spec.bake.compare[].paired.maxDisagreement", "spec.bake.compare[].paired.tolerance", "spec.bake.compare[].paired.requests", "spec.alarms", "spec.alarms[].source",
            "spec.alarms[].labels", "spec.alarms[].pointers", "spec.alarms[].for", "spec.alarms[].within", "spec.alarms[].settle",
            "spec.alarms[].together", "spec.alarms[].environmentLabel", "spec.rollback.quarantine", "spec.rollback.notify",
            "spec.rollback.notify[].secretRef", "spec.rollback.notify[].on", "spec.cleanup.unservedTtl",
        ];
        Assert.Equal(expected.Order(StringComparer.Ordinal), fields.Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> Source(string prefix) =>
        new[] { "kind", "value", "account", "address", "query", "window", "secretRef" }.Select(field => $"{prefix}.{field}");

    [Fact]
    public void Schema_EveryDefault_IsOneTheParserTakes()
    {
        var lines = Fields(PolicyParser.DescribeSchema(), "")
            .Where(field => field.Schema["default"] is JsonValue && !field.Path.Contains("[]", StringComparison.Ordinal)
                && field.Path.StartsWith("spec.", StringComparison.Ordinal) && !field.Path.StartsWith("spec.environment", StringComparison.Ordinal))
            .GroupBy(field => field.Path.Split('.')[1]);
        foreach (var section in lines)
        {
            var nested = new JsonObject();
            foreach (var (path, schema) in section) Set(nested, path.Split('.')[1..], schema["default"]!.DeepClone());
            Assert.Empty(APolicy.ParseWith($"{section.Key}: {nested[section.Key]!.ToJsonString()}").Errors);
        }
    }

    private static void Set(JsonObject target, string[] path, JsonNode value)
    {
        foreach (var name in path[..^1]) target = (JsonObject)(target[name] ??= new JsonObject());
        target[path[^1]] = value;
    }

    /// <summary>Every field that holds a value, and every list.</summary>
    private static IEnumerable<(string Path, JsonObject Schema)> Fields(JsonObject schema, string prefix)
    {
        foreach (var (name, node) in (JsonObject)schema["properties"]!)
        {
            var (field, path) = ((JsonObject)node!, prefix + name);
            if (field["properties"] is JsonObject { Count: > 0 })
            {
                foreach (var nested in Fields(field, path + ".")) yield return nested;
                continue;
            }

            yield return (path, field);
            if (field["items"] is JsonObject item && item["properties"] is not null)
                foreach (var nested in Fields(item, path + "[].")) yield return nested;
        }
    }

    private static string Table()
    {
        var schema = PolicyParser.DescribeSchema();
        var required = Required(schema, "").ToHashSet();
        var table = new StringBuilder("| field | value | default | meaning |\n|---|---|---|---|\n");
        foreach (var (path, field) in Fields(schema, ""))
            table.Append($"| `{path}` | {ValueOf(field)} | {(required.Contains(path) ? "required" : DefaultOf(field))} | {field["description"]} |\n");
        return table.ToString();
    }

    private static IEnumerable<string> Required(JsonObject schema, string prefix) =>
        ((schema["required"] as JsonArray) ?? []).Select(name => prefix + name!.GetValue<string>())
            .Concat(((schema["properties"] as JsonObject) ?? []).SelectMany(property => property.Value is JsonObject field
                ? Required(field, $"{prefix}{property.Key}.").Concat(
                    field["items"] is JsonObject item ? Required(item, $"{prefix}{property.Key}[].") : [])
                : []));

    private static string DefaultOf(JsonObject field) => field["default"] is { } value ? $"`{value.ToJsonString().Trim('"')}`" : "";

    private static string ValueOf(JsonObject field) =>
        field["not"] is not null ? "not yet"
        : field["const"] is { } only ? $"`{only.ToJsonString()}` only, yet"
        : field["enum"] is JsonArray words ? string.Join(", ", words.Select(word => $"`{word}`"))
        : field["$comment"] is { } comment ? Bounds(comment)
        : field["minimum"] is { } min ? $"{(field["type"]!.ToString() == "integer" ? "whole number" : "number")} from {min} to {field["maximum"]}"
        : field["anyOf"] is JsonArray kinds ? string.Join("; or ", kinds.Select(kind => Bounds(kind!["$comment"]!)))
        : field["type"]!.ToString() switch { "array" => "list", "object" => "mapping", "string" => "text", var other => other };

    /// <summary>Examples of notation are in the text above the table.</summary>
    private static string Bounds(JsonNode comment) => comment.ToString().Split(", such as")[0];

    private static void AssertApproved(string file, Func<string, string> draw)
    {
        var path = DocsPath(file);
        var text = File.Exists(path) ? File.ReadAllText(path) : "";
        var expected = draw(text);
        if (Environment.GetEnvironmentVariable("BLUEGREEN_APPROVE") == "1") File.WriteAllText(path, expected);
        else Assert.Equal(expected, text);
    }

    internal static string DocsPath(string file, [CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../../docs", file));

    [GeneratedRegex("```yaml\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex YamlBlock();
}
