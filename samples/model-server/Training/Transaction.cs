using BlueGreen.ModelServer.Models;

namespace BlueGreen.ModelServer.Training;

/// <summary>A labelled row, as ML.NET's trainers read it.</summary>
internal sealed class Transaction : ModelRow
{
    public bool Label { get; set; }

    /// <summary>Frauds are rare: they weigh more, so that scores use more of [0, 1].</summary>
    public float Weight => Label ? 10 : 1;
}
