using System.Text.RegularExpressions;
using BlueGreen.Contracts;
using BlueGreen.Platform.Inference;
using static BlueGreen.Orchestrator.Policies.PolicyTypes;

namespace BlueGreen.Orchestrator.Policies;

/// <summary>The policy's <c>spec.environment.protocol</c> and <c>spec.environment.inference</c>.</summary>
internal static partial class InferenceSection
{
    private static readonly PolicyType<string> Path = Text(PathRegex(), "a path such as /score", "/score");
    private static readonly PolicyType<string> Pointer =
        Text(PointerRegex(), "a JSON Pointer such as /predictions/*/score", "/predictions/*/score");

    public static string ReadProtocol(PolicySection environment) => environment.Value(
        "protocol", OneOf(ProtocolNames.All), ProtocolNames.OpenInferenceV2, "Inference protocol that the model server speaks; see protocols.md.");

    /// <returns>Null when nothing is said: the protocol's defaults.</returns>
    public static InferenceSettings? Read(PolicySection environment, string protocol)
    {
        var settings = environment.OptionalSection("inference", "What the protocol leaves open.", ReadSettings);
        if (settings is null) return null;
        var isOpenInference = protocol is ProtocolNames.OpenInferenceV2 or ProtocolNames.OpenInferenceV2Grpc;
        environment.Rule(
            !isOpenInference, $"The protocol '{protocol}' leaves nothing open: remove inference, or choose another protocol.",
            "inference", "protocol");
        environment.Rule(
            settings.Rows is null || protocol is ProtocolNames.Json or ProtocolNames.SageMaker,
            $"The protocol '{protocol}' says itself where rows stand: rows is for json and sagemaker.", "inference", "protocol");
        environment.Rule(
            settings.Stream is null || protocol == ProtocolNames.OpenAiChat,
            $"The protocol '{protocol}' does not stream: stream is for openai-chat.", "inference", "protocol");
        environment.Rule(
            settings.Score is null || settings.Stream != true, "A streamed answer has no place for a score: set stream to false.", "inference");
        return settings;
    }

    /// <summary>What the router would have to read in passing must be readable: a metric that counts nothing passes for ever.</summary>
    public static void CheckInPassing(PolicySection spec, string protocol, BakePolicy bake, CapturePolicy? capture)
    {
        if (protocol != ProtocolNames.OpenInferenceV2Grpc) return;
        spec.Rule(
            bake.Metrics.All(metric => metric.Name != "null-rate"),
            "The router cannot look for null predictions in gRPC answers: remove the metric null-rate.", "bake", "environment");
        spec.Rule(
            bake.Comparison is null, "The router cannot read scores in gRPC answers: remove bake.compare.", "bake", "environment");
        spec.Rule(capture is null, "The router cannot capture gRPC requests: remove capture.", "capture", "environment");
    }

    private static InferenceSettings ReadSettings(PolicySection inference) => new()
    {
        Path = inference.OptionalText("path", Path, "Path of a prediction request; `{model}` is filled in. Default: the protocol's."),
        ReadyPath = inference.OptionalText("readyPath", Path, "Path that answers 200 when the server is ready. Default: the protocol's."),
        Score = inference.OptionalText(
            "score", Pointer, "Where the scores stand in an answer; the step `*` is every element of an array. Default: the protocol's."),
        Rows = inference.OptionalText(
            "rows", Pointer, "Where the array of rows stands in a request. Default: the request itself when it is an array, else one row."),
        Stream = inference.Optional("stream", Flag, "Whether chat answers are asked for as a stream. Default with openai-chat: true."),
    };

    [GeneratedRegex(@"^/[A-Za-z0-9._~/{}:-]{0,255}$", RegexOptions.ECMAScript)]
    private static partial Regex PathRegex();

    [GeneratedRegex(@"^(/([^~/]|~[01])*){1,16}$", RegexOptions.ECMAScript)]
    private static partial Regex PointerRegex();
}
