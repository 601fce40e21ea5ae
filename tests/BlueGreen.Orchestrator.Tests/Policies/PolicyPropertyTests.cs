using System.Text;
using BlueGreen.Orchestrator.Policies;
using CsCheck;

namespace BlueGreen.Orchestrator.Tests.Policies;

/// <summary>Whatever stands in the text: a policy or errors, never an exception; and what is valid survives its canonical form.</summary>
public sealed class PolicyPropertyTests
{
    private static readonly Gen<string> Duration = Gen.Int[1, 50].Select(minutes => $"{minutes}m");
    private static readonly Gen<string> Share = Gen.Int[1, 999].Select(permille => $"{permille / 10}.{permille % 10}%");

    private static readonly Gen<string> Metric = Gen.OneOf(
        Gen.OneOf("error-rate", "null-rate").SelectMany(name => Share.Select(high => $"{{ name: {name}, high: {high} }}")),
        Gen.OneOf("latency-p50", "latency-p95", "latency-p99").SelectMany(name => Duration.Select(high => $"{{ name: {name}, high: {high} }}")));

    private static readonly Gen<string> Bake = Gen.Select(Gen.Int[1, 20], Gen.Int[0, 20], Gen.Int[1, 60], Metric)
        .Select((duration, more, interval, metric) =>
            $"  bake: {{ duration: {duration}m, maxDuration: {duration + more}m, interval: {interval}s, metrics: [ {metric} ] }}\n");

    private static readonly Gen<string> Gates = Gen.Select(Gen.Int[1, 50], Gen.Int[0, 50], Gen.Int[0, 50], Share)
        .Select((p50, more, most, errors) =>
            "  gates:\n    - health: {}\n" +
            $"    - latency: {{ p50: {p50}ms, p95: {p50 + more}ms, p99: {p50 + more + most}ms }}\n" +
            $"    - errorRate: {{ max: {errors} }}\n    - distribution: {{ margin: 0.{p50 + 10} }}\n");

    private static readonly Gen<string> Policy = Gen.Select(Gen.Int[1, 100], Duration, Gen.Int[100, 5000], Bake, Gates)
        .Select((replicas, provision, requests, bake, gates) =>
            APolicy.Minimal.Replace("replicas: 2", $"replicas: {replicas}", StringComparison.Ordinal) +
            $"  provision: {{ deadline: {provision} }}\n  warmup: {{ payloads: golden.jsonl, requests: {requests / 2}..{requests} }}\n" + bake + gates);

    [Fact]
    public void Parse_AnyValidPolicy_SurvivesItsCanonicalForm() => Policy.Sample(text =>
    {
        var result = APolicy.Parse(text);
        Assert.True(result.Errors.Count == 0, $"{string.Join('\n', result.Errors)}\n{text}");
        var json = PolicyJson.Write(result.Policy!);
        Assert.Equal(json, PolicyJson.Write(PolicyJson.Read(json)));
    }, iter: 300);

    [Fact]
    public void Parse_AnyMutationOfAPolicy_GivesAPolicyOrErrorsWithinTheText() =>
        Gen.Select(Gen.OneOf(Policy, Gen.Const(APolicy.Full)), Mutation.Array[1, 8]).Sample((text, mutations) =>
            AssertAnswers(mutations.Aggregate(text, (current, mutate) => mutate(current)), PolicyFormat.Yaml), iter: 1500);

    [Fact]
    public void Parse_AnyMutationOfAJsonPolicy_GivesAPolicyOrErrorsWithinTheText() =>
        Mutation.Array[1, 6].Sample(mutations => AssertAnswers(mutations.Aggregate(Json, (current, mutate) => mutate(current)), PolicyFormat.Json), iter: 1500);

    [Fact]
    public void Parse_AnyText_GivesErrors() =>
        Gen.String.Sample(text =>
        {
            AssertAnswers(text, PolicyFormat.Yaml);
            AssertAnswers(text, PolicyFormat.Json);
        }, iter: 1500);

    private const string Json = """
        { "apiVersion": "bluegreen/v1", "kind": "Endpoint", "metadata": { "name": "fraud" },
          "spec": { "environment": { "replicas": 2, "command": ["serve", "{port}"] }, "bake": { "duration": "1h", "metrics": [] } } }
        """;

    private static readonly Gen<string> Noise = Gen.OneOf(
        ":", " ", "\n", "\t", "{", "}", "[", "]", "- ", "#", "'", "\"", "&a", "*a", "!!x", "|", ">", "%", "0", "99999999999999", "..", "~",
        "null", "é", "\uD83D\uDE00", "\uD800", "\0", "\\u", "?", ",", "---\n", "...", "<<: ", "sha256:", "1e999", "-1");

    private static readonly Gen<Func<string, string>> Mutation = Gen.Select(Gen.Double[0, 1], Gen.Int[0, 12], Noise)
        .Select<double, int, string, Func<string, string>>((where, removed, noise) => text =>
        {
            var at = (int)(where * text.Length);
            return new StringBuilder(text).Remove(at, Math.Min(removed, text.Length - at)).Insert(at, noise).ToString();
        });

    private static void AssertAnswers(string text, PolicyFormat format)
    {
        var result = APolicy.Parse(text, format);
        Assert.NotEqual(result.Policy is null, result.Errors.Count == 0);
        var lines = text.AsSpan().Count('\n') + text.AsSpan().Count('\r') + 2;
        Assert.All(result.Errors, error => Assert.True(
            error.Line >= 1 && error.Line <= lines && error.Column >= 1 && error.Column <= text.Length + 2, error.ToString()));
    }
}
