namespace BlueGreen.ModelServer.Models;

/// <summary>The pipeline's input. The length of <see cref="Numbers"/> is set by the artifact's metadata, at run time.</summary>
internal class ModelRow
{
    public float[] Numbers { get; set; } = [];

    public string Category { get; set; } = "";
}
