using BlueGreen.ModelServer.Models;

namespace BlueGreen.ModelServer.Training;

internal static class TestRows
{
    public static RowBatch Batch(IReadOnlyCollection<Transaction> rows) => new(
        rows.First().Numbers.Length,
        [.. rows.SelectMany(row => row.Numbers)],
        [.. rows.Select(row => row.Category)]);
}
