using BlueGreen.Platform.Inference;

namespace BlueGreen.Orchestrator.Tests.Policies;

public sealed class InferencePolicyTests
{
    [Fact]
    public void Protocol_Any_IsTaken() =>
        Assert.All(ProtocolNames.All, name => Assert.Equal(name, APolicy.Valid(Policy($"protocol: {name}")).Environment.Protocol));

    [Fact]
    public void Inference_OfPlainJson_ReachesTheTemplate()
    {
        var settings = APolicy.Valid(Policy(
            """protocol: json, inference: { path: "/api/{model}/score", readyPath: /healthz, score: /results/*/score, rows: /rows }"""))
            .Environment.Inference!;
        Assert.Equal(
            ("/api/{model}/score", "/healthz", "/results/*/score", "/rows", null),
            (settings.Path, settings.ReadyPath, settings.Score, settings.Rows, settings.Stream));
        Assert.Null(APolicy.Valid(APolicy.Minimal).Environment.Inference);
    }

    [Theory]
    [InlineData("protocol: open-inference-v2, inference: { path: /x }", "The protocol 'open-inference-v2' leaves nothing open: remove inference, or choose another protocol.")]
    [InlineData("protocol: mlflow, inference: { rows: /x }", "The protocol 'mlflow' says itself where rows stand: rows is for json and sagemaker.")]
    [InlineData("protocol: json, inference: { stream: true }", "The protocol 'json' does not stream: stream is for openai-chat.")]
    [InlineData("protocol: openai-chat, inference: { stream: true, score: /a }", "A streamed answer has no place for a score: set stream to false.")]
    [InlineData("protocol: json, inference: { score: a }", "'a' is not a JSON Pointer such as /predictions/*/score.")]
    [InlineData("protocol: tensorflow-servng", "'tensorflow-servng' is not known: did you mean 'tensorflow-serving'?")]
    public void Inference_ThatTheProtocolHasNoUseFor_IsRefused(string fields, string message) =>
        Assert.StartsWith(message, Assert.Single(APolicy.Parse(Policy(fields)).Errors).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("capture: {}", "The router cannot capture gRPC requests: remove capture.")]
    [InlineData("bake: { metrics: [ { name: null-rate, high: 1% } ] }", "The router cannot look for null predictions in gRPC answers: remove the metric null-rate.")]
    public void Grpc_WhatTheRouterCannotRead_IsRefused(string lines, string message) =>
        Assert.Equal(message, Assert.Single(APolicy.Parse(Policy("protocol: open-inference-v2-grpc") + $"  {lines}\n").Errors).Message);

    private static string Policy(string fields) =>
        APolicy.Minimal.Replace("replicas: 2,", $"replicas: 2, {fields},", StringComparison.Ordinal);
}
