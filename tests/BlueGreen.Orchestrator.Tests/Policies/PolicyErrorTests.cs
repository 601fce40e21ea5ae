using BlueGreen.Orchestrator.Policies;

namespace BlueGreen.Orchestrator.Tests.Policies;

public sealed class PolicyErrorTests
{
    /// <summary>Appended to the minimal policy's spec: line 6 is the first of these lines, column 3 its first character.</summary>
    [Theory]
    [InlineData("bake: { duratoin: 1h }", "spec.bake.duratoin", 6, 11, "Did you mean 'duration'?")]
    [InlineData("bakes: {}", "spec.bakes", 6, 3, "Did you mean 'bake'?")]
    [InlineData("bake: { duration: 10 }", "spec.bake.duration", 6, 21, "'10' is not a duration from 1s to 168h")]
    [InlineData("bake: { duration: 30d }", "spec.bake.duration", 6, 21, "from 1s to 168h")]
    [InlineData("bake: { duration: \"1h\\n\" }", "spec.bake.duration", 6, 21, "one line")]
    [InlineData("bake: { duration: }", "spec.bake.duration", 6, 21, "This is empty")]
    [InlineData("bake: { duration: [1h] }", "spec.bake.duration", 6, 21, "single value")]
    [InlineData("bake: 1h", "spec.bake", 6, 9, "mapping of fields")]
    [InlineData("bake: { duration: 1h, maxDuration: 30m }", "spec.bake.maxDuration", 6, 38, "must not be below duration")]
    [InlineData("bake: { duration: 10s, interval: 1m }", "spec.bake.interval", 6, 36, "must not be above duration")]
    [InlineData("bake: { metrics: [] }", "spec.bake.metrics", 6, 20, "At least one metric")]
    [InlineData("bake: { metrics: [ { name: latency-p98, high: 1s } ] }", "spec.bake.metrics[0].name", 6, 30, "latency-p50, latency-p95, latency-p99")]
    [InlineData("bake: { metrics: [ { name: latency-p99, high: 5% } ] }", "spec.bake.metrics[0].high", 6, 49, "not a duration")]
    [InlineData("bake: { metrics: [ { name: error-rate, high: 5ms } ] }", "spec.bake.metrics[0].high", 6, 48, "not a share")]
    [InlineData("bake: { metrics: [ { name: error-rate } ] }", "spec.bake.metrics[0].high", 6, 22, "low, high or both")]
    [InlineData("bake: { metrics: [ { name: null-rate, low: 2%, high: 1% } ] }", "spec.bake.metrics[0].low", 6, 46, "must not be above high")]
    [InlineData("promotion:\n  fourEyes: true", "spec.promotion.fourEyes", 7, 15, "need somebody to approve")]
    [InlineData("bake:\n  duration: 5h", "spec.deadline", 5, 3, "could never finish in 4h")]
    [InlineData("warmup: { requests: 500..50 }", "spec.warmup.requests", 6, 23, "smaller end first")]
    [InlineData("warmup: { requests: 50 }", "spec.warmup.requests", 6, 23, "not a range")]
    [InlineData("warmup: { requests: 10..40 }", "spec.warmup.requests", 6, 23, "do not fit")]
    [InlineData("warmup: { stable: { tolerance: 120% } }", "spec.warmup.stable.tolerance", 6, 34, "from 0.1% to 100%")]
    [InlineData("warmup: { payloads: missing.jsonl }", "spec.warmup.payloads", 6, 23, "no such file")]
    [InlineData("warmup: { payloads: ../golden.jsonl }", "spec.warmup.payloads", 6, 23, "plain file name")]
    [InlineData("warmup: { payloads: sha256:12ab }", "spec.warmup.payloads", 6, 23, "64 lower-case hexadecimal digits")]
    [InlineData("gates: []", "spec.gates", 6, 10, "At least one gate")]
    [InlineData("gates: { health: {} }", "spec.gates", 6, 10, "a list of mappings")]
    [InlineData("gates:\n  - health: {}\n    errorRate: {}", "spec.gates[0]", 7, 7, "exactly one of")]
    [InlineData("gates:\n  - latncy: { p99: 1s }", "spec.gates[0].latncy", 7, 7, "Did you mean 'latency'?")]
    [InlineData("gates:\n  - health: {}\n  - latency: { p95: 80ms, p99: 20ms }", "spec.gates[1].latency.p95", 8, 23, "must not be above p99")]
    [InlineData("gates: [ latency: {} ]", "spec.gates[0].latency.p99", 6, 21, "at least one of p50, p95 and p99")]
    [InlineData("gates: [ health: { x: 1 } ]", "spec.gates[0].health.x", 6, 22, "It takes no fields")]
    [InlineData("gates: [ health: {}, health: {} ]", "spec.gates", 6, 10, "given 2 times")]
    [InlineData("gates: [ distribution: {} ]", "spec.gates", 6, 10, "validation.payloads")]
    [InlineData("alarms: [ { source: sns } ]", "spec.alarms[0].labels", 6, 13, "give labels, pointers or both")]
    [InlineData("alarms: [ { source: sns, labels: { a: b }, within: 5m } ]", "spec.alarms[0].within", 6, 54, "within must be longer than for")]
    [InlineData("alarms: [ { source: sns, labels: { a: b }, together: x } ]", "spec.alarms", 6, 11, "it takes two")]
    [InlineData("alarms: [ { source: sns, pointers: { a: b } } ]", "spec.alarms[0].pointers", 6, 38, "begins with a slash")]
    [InlineData("rollback: { notify: [ { secretRef: chat, on: [reverted, often] } ] }", "spec.rollback.notify[0].on[1]", 6, 59, "'often' is not known")]
    [InlineData("alarms: [ { source: alertmanagr, labels: { a: b } } ]", "spec.alarms[0].source", 6, 23, "did you mean 'alertmanager'?")]
    [InlineData("alarms: [ { source: generic, labels: {} } ]", "spec.alarms[0].labels", 6, 40, "at least one name and value")]
    [InlineData("alarms: [ { source: generic, labels: { a: [b] } } ]", "spec.alarms[0].labels.a", 6, 45, "single value")]
    [InlineData("provision: { attempts: \"2\" }", "spec.provision.attempts", 6, 26, "'2' is not a whole number from 1 to 10")]
    [InlineData("provision: { attempts: 0 }", "spec.provision.attempts", 6, 26, "from 1 to 10")]
    [InlineData("route: { path: fraud }", "spec.route.path", 6, 18, "a path such as /fraud")]
    [InlineData("route: { path: /fraud/ }", "spec.route.path", 6, 18, "without a slash at its end")]
    [InlineData("route: { path: / }", "spec.route.path", 6, 18, "a path such as /fraud")]
    [InlineData("route: { path: /a }\nroute: { path: /b }", "spec.route", 7, 3, "given twice, first on line 6")]
    public void Parse_BadField_IsNamedWithLineColumnAndRemedy(string spec, string field, int line, int column, string message)
    {
        var error = Assert.Single(APolicy.ParseWith(spec).Errors);

        Assert.Equal((field, line, column), (error.Field, error.Line, error.Column));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("driver: docker", "spec.environment.driver", "not supported yet by this version")]
    [InlineData("replicas: 0", "spec.environment.replicas", "from 1 to 100")]
    [InlineData("replicas: 2.5", "spec.environment.replicas", "whole number")]
    [InlineData("command: []", "spec.environment.command", "must not be empty")]
    [InlineData("command: dotnet", "spec.environment.command", "a list of values")]
    [InlineData("command: [serve]", "spec.environment.command", "must pass {port} on")]
    [InlineData("command: [serve, '{port}', '{artefact}']", "spec.environment.command", "did you mean {artifact}?")]
    [InlineData("costPerHour: -1", "spec.environment.costPerHour", "from 0 to")]
    public void Parse_BadEnvironment_IsNamed(string field, string path, string message)
    {
        var name = field.Split(':')[0];
        var fields = new[] { "replicas: 2", "command: [serve, '{port}']" }.Where(line => !line.StartsWith(name, StringComparison.Ordinal)).Append(field);
        var text = "apiVersion: bluegreen/v1\nkind: Endpoint\nmetadata: { name: fraud }\nspec:\n  environment:\n" +
            string.Concat(fields.Select(line => $"    {line}\n"));

        var error = Assert.Single(APolicy.Parse(text).Errors);

        Assert.Equal(path, error.Field);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_ManyErrors_ReportsAllOfThemInTheOrderOfTheText()
    {
        var result = APolicy.Parse("""
            apiVersion: bluegreen/v2
            kind: Endpoint
            metadata: { name: Fraud! }
            spec:
              deadline: soon
              environment: { replicas: none }
              bake: { durationn: 1h, interval: 2 }
            """);

        Assert.Null(result.Policy);
        Assert.Equal(
            [
                (1, "apiVersion"), (3, "metadata.name"), (5, "spec.deadline"), (6, "spec.environment.command"),
                (6, "spec.environment.replicas"), (7, "spec.bake.durationn"), (7, "spec.bake.interval"),
            ],
            result.Errors.Select(error => (error.Line, error.Field)));
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("# nothing\n", "empty")]
    [InlineData("just text", "mapping of fields")]
    [InlineData("- a\n- b", "mapping of fields")]
    [InlineData("a: [1\nb: 2", "not YAML")]
    [InlineData("a: !<[x> 1", "not YAML")]
    [InlineData("a: &x 1\nb: *x", "Anchors are not supported")]
    [InlineData("a: *x", "Aliases are not supported")]
    [InlineData("a: !!binary aGk=", "tag")]
    [InlineData("? [a]\n: b", "plain text")]
    [InlineData("a: 1\n---\nb: 2", "second document")]
    public void Parse_NotAPolicyAtAll_SaysSo(string text, string message)
    {
        var errors = APolicy.Parse(text).Errors;

        Assert.Contains(errors, error => error.Field == "policy" && error.Message.Contains(message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", 1, 1)]
    [InlineData("{\n  \"kind\": }", 2, 11)]
    [InlineData("{} {}", 1, 4)]
    public void Parse_NotJson_SaysWhere(string text, int line, int column)
    {
        var error = Assert.Single(APolicy.Parse(text, PolicyFormat.Json).Errors);

        Assert.Equal(("policy", line, column), (error.Field, error.Line, error.Column));
    }

    [Fact]
    public void Parse_JsonFieldWrong_HasLineAndColumn()
    {
        var result = APolicy.Parse("{\"apiVersion\":\"bluegreen/v1\",\"kind\":\"Endpoint\",\n  \"é\": 1, \"metadata\":{\"name\":7}}", PolicyFormat.Json);

        Assert.Contains(new PolicyError("é", 2, 3, "This field is unknown. Known fields: apiVersion, kind, metadata, spec."), result.Errors);
    }

    [Fact]
    public void Parse_NestedBeyondReason_IsRefusedNotOverflowed()
    {
        Assert.NotEmpty(APolicy.Parse($"a: {new string('[', 20_000)}").Errors);
        Assert.NotEmpty(APolicy.Parse(new string('[', 20_000), PolicyFormat.Json).Errors);
        Assert.Contains("longer than", Assert.Single(APolicy.Parse(new string(' ', PolicyParser.MaxLength + 1)).Errors).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sha256:" + APolicy.Digest, "9f86d081884c")]
    [InlineData("sha256:" + APolicy.Digest + "#golden.jsonl", "golden.jsonl")]
    [InlineData("sha256:" + APolicy.Digest + "/golden.jsonl", "golden.jsonl")]
    public void Parse_FileByDigest_NeedsNoFile(string reference, string name)
    {
        var text = APolicy.Minimal + $"  warmup: {{ payloads: \"{reference}\" }}\n";

        var result = PolicyParser.Parse(text, PolicyFormat.Yaml, NoPolicyFiles.Instance);

        Assert.Empty(result.Errors);
        Assert.Equal((APolicy.Digest, name), (result.Policy!.Warmup.Payloads!.Sha256, result.Policy.Warmup.Payloads.Name));
        Assert.Equal("spec.warmup.payloads", Assert.Single(result.Files).Field);
    }

    [Fact]
    public void Parse_FileByNameThroughTheApi_PointsToTheCommandThatUploadsIt()
    {
        var text = APolicy.Minimal + "  warmup: { payloads: golden.jsonl }\n";

        var error = Assert.Single(PolicyParser.Parse(text, PolicyFormat.Yaml, NoPolicyFiles.Instance).Errors);

        Assert.Equal("spec.warmup.payloads", error.Field);
        Assert.Contains("bg policy apply", error.Message, StringComparison.Ordinal);
    }
}
