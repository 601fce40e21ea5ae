namespace BlueGreen.ModelServer.Models;

/// <summary>Rows to score: <paramref name="numbers"/> is row-major, <paramref name="width"/> to a row; NaN is missing.</summary>
internal sealed class RowBatch(int width, float[] numbers, string[] categories)
{
    public int Count => categories.Length;

    public ReadOnlySpan<float> Numbers(int row) => numbers.AsSpan(row * width, width);

    public string Category(int row) => categories[row];
}
