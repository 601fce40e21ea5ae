namespace BlueGreen.ModelServer.Protocol;

/// <summary>The tensors that every model here answers with, one element per row.</summary>
internal static class OutputNames
{
    /// <summary>FP32 in [0, 1]; null where the model has no answer.</summary>
    public const string Score = "score";

    /// <summary>BOOL, the score against the model's threshold; null where the score is.</summary>
    public const string IsFraud = "is_fraud";
}
