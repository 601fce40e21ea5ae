namespace BlueGreen.ModelServer.Models;

/// <summary>The pipeline's output.</summary>
internal sealed class ModelScore
{
    public float Probability { get; set; }
}
