using System.Text.Json;
using BlueGreen.Contracts;
using BlueGreen.Platform.Inference.Answers;

namespace BlueGreen.Platform.Inference.Json;

/// <summary>The protocols that are JSON over HTTP and differ in places only.</summary>
internal static class JsonDialects
{
    private static readonly ScorePath Whole = ScorePath.Parse("")!;

    /// <returns>Null when no dialect has that name.</returns>
    public static JsonDialect? Find(string name, InferenceSettings settings) => name switch
    {
        ProtocolNames.TensorFlowServing => Adjust(TensorFlowServing, settings),
        ProtocolNames.KServeV1 => Adjust(KServeV1, settings),
        ProtocolNames.TorchServe => Adjust(TorchServe, settings),
        ProtocolNames.MlflowInvocations => Adjust(Mlflow, settings),
        ProtocolNames.SageMaker => Adjust(SageMaker(settings.Rows), settings),
        ProtocolNames.SeldonV1 => Adjust(SeldonV1, settings),
        ProtocolNames.Json => Adjust(Plain(settings.Rows), settings),
        _ => null,
    };

    /// <summary>
    /// TensorFlow Serving's REST API (tensorflow.org/tfx/serving/api_rest): rows in <c>instances</c> answered by <c>predictions</c>, or
    /// columns in <c>inputs</c> answered by <c>outputs</c>.
    /// </summary>
    private static JsonDialect TensorFlowServing { get; } = new()
    {
        Name = ProtocolNames.TensorFlowServing,
        Path = "v1/models/{model}:predict",
        Ready = [new("v1/models/{model}", "available", TensorFlowMetadata.IsAvailable)],
        Requests = new RowsRequest([["instances"], ["inputs"]], exactlyOne: true),
        Scores = Paths("/predictions", "/outputs"),
        MetadataPath = "v1/models/{model}/metadata",
        Synthesize = TensorFlowMetadata.ToRequest,
        Declare = TensorFlowMetadata.ToDeclaration,
    };

    /// <summary>KServe's V1 protocol (kserve.github.io, data plane): TensorFlow Serving's rows, with a readiness of its own.</summary>
    private static JsonDialect KServeV1 { get; } = new()
    {
        Name = ProtocolNames.KServeV1,
        Path = "v1/models/{model}:predict",
        Ready = [new("v1/models/{model}", "ready", body => !Says(body, "ready", "false"))],
        Requests = new RowsRequest([["instances"], ["inputs"]], exactlyOne: true),
        Scores = Paths("/predictions", "/outputs"),
    };

    /// <summary>
    /// TorchServe's inference API (pytorch.org/serve): the handler defines request and answer, and the server itself makes batches of
    /// requests that come together; only requests in the KServe envelope carry rows.
    /// </summary>
    private static JsonDialect TorchServe { get; } = new()
    {
        Name = ProtocolNames.TorchServe,
        Path = "predictions/{model}",
        Ready = [new("ping", "healthy", body => !Says(body, "status", "Unhealthy"))],
        Requests = new RowsRequest([["instances"]], exactlyOne: false),
        Scores = [.. Paths("/predictions"), Whole],
        AnswersObject = false,
    };

    /// <summary>MLflow's scoring server (mlflow.org, <c>/invocations</c>): a data frame by split or records, or tensors.</summary>
    private static JsonDialect Mlflow { get; } = new()
    {
        Name = ProtocolNames.MlflowInvocations,
        Path = "invocations",
        Ready = [new("ping", "healthy")],
        Requests = new RowsRequest([["dataframe_split", "data"], ["dataframe_records"], ["instances"], ["inputs"]], exactlyOne: true),
        Scores = [.. Paths("/predictions"), Whole],
        AnswersObject = false,
    };

    /// <summary>Seldon Core's V1 protocol (docs.seldon.ai, prediction API): <c>data.ndarray</c> or <c>data.tensor</c> both ways.</summary>
    private static JsonDialect SeldonV1 { get; } = new()
    {
        Name = ProtocolNames.SeldonV1,
        Path = "api/v1.0/predictions",
        Ready = [new("ready", "ready")],
        Requests = new SeldonRequest(),
        Scores = Paths("/data/ndarray", "/data/tensor/values", "/jsonData", "/strData"),
    };

    /// <summary>
    /// A container made for SageMaker (docs.aws.amazon.com, "use your own inference code"): two paths are fixed, the rest is the
    /// container's own.
    /// </summary>
    private static JsonDialect SageMaker(string? rows) => new()
    {
        Name = ProtocolNames.SageMaker,
        Path = "invocations",
        Ready = [new("ping", "healthy")],
        Requests = new RowsRequest(rows is null ? [["instances"], ["inputs"], []] : [Steps(rows)], exactlyOne: false),
        Scores = [.. Paths("/predictions"), Whole],
        AnswersObject = false,
    };

    private static JsonDialect Plain(string? rows) => new()
    {
        Name = ProtocolNames.Json,
        Path = "predict",
        Ready = [new("health", "healthy")],
        Requests = new RowsRequest([rows is null ? [] : Steps(rows)], exactlyOne: false),
        Scores = [.. Paths("/predictions"), Whole],
        AnswersObject = false,
    };

    private static JsonDialect Adjust(JsonDialect dialect, InferenceSettings settings) => dialect with
    {
        Path = settings.Path ?? dialect.Path,
        Ready = settings.ReadyPath is { } path ? [new(path, "ready")] : dialect.Ready,
        Scores = settings.Score is { } score && ScorePath.Parse(score) is { } given ? [given] : dialect.Scores,
    };

    private static ScorePath[] Paths(params string[] paths) => [.. paths.Select(path => ScorePath.Parse(path)!)];

    private static string[] Steps(string pointer) => pointer.Length == 0 ? [] : pointer.TrimStart('/').Split('/');

    /// <summary>Older servers write booleans as text.</summary>
    private static bool Says(JsonElement? body, string member, string word) =>
        body is { ValueKind: JsonValueKind.Object } answer && answer.TryGetProperty(member, out var value)
        && value.ToString().Equals(word, StringComparison.OrdinalIgnoreCase);
}
