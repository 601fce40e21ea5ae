namespace BlueGreen.Platform.Inference;

/// <summary>The inference protocols by the names that policies use.</summary>
public static class ProtocolNames
{
    public const string OpenInferenceV2 = "open-inference-v2";
    public const string OpenInferenceV2Grpc = "open-inference-v2-grpc";
    public const string TensorFlowServing = "tensorflow-serving";
    public const string TorchServe = "torchserve";
    public const string MlflowInvocations = "mlflow";
    public const string SageMaker = "sagemaker";
    public const string KServeV1 = "kserve-v1";
    public const string SeldonV1 = "seldon-v1";
    public const string OpenAiChat = "openai-chat";
    public const string Json = "json";

    /// <summary>All of them, the default one first.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        OpenInferenceV2, OpenInferenceV2Grpc, TensorFlowServing, TorchServe, MlflowInvocations, SageMaker, KServeV1, SeldonV1, OpenAiChat,
        Json,
    ];
}
