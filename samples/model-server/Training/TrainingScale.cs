namespace BlueGreen.ModelServer.Training;

/// <summary>How many rows are made.</summary>
internal sealed record TrainingScale(int TrainingRows, int GoldenRows, int LiveRows, int ReferenceRows)
{
    public static readonly TrainingScale Full = new(80_000, 4_000, 8_000, 20_000);
}
