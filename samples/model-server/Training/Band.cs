namespace BlueGreen.ModelServer.Training;

/// <summary>A closed interval.</summary>
internal sealed record Band(double Min, double Max)
{
    public bool Contains(double value) => value >= Min && value <= Max;
}
