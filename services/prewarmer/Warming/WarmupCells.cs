using BlueGreen.Platform.Inference;

namespace BlueGreen.Prewarmer.Warming;

/// <summary>
/// Sorts payloads into cells. Servers compile, allocate and cache by shape and by batch size, most of them in powers of two: a replica
/// that is warm for single rows may be cold for the largest batch. Buckets are the powers of two and the largest batch itself.
/// </summary>
internal static class WarmupCells
{
    /// <summary>Different batches sent of one size.</summary>
    private const int MostVariants = 4;

    /// <param name="payloads">The policy's payloads, or one that was made up; at least one.</param>
    /// <param name="protocol">Who can put rows together.</param>
    /// <param name="maxBatch">Rows in the largest batch that production sends.</param>
    /// <param name="maxShapes">Shapes warmed each on its own, the most frequent ones; the rest share a cell.</param>
    public static IReadOnlyList<WarmupCell> Of(
        IReadOnlyList<InferencePayload> payloads, IInferenceProtocol protocol, int maxBatch, int maxShapes)
    {
        var shapes = payloads.GroupBy(payload => payload.Shape, StringComparer.Ordinal)
            .OrderByDescending(shape => shape.Count()).Select(shape => (Name: shape.Key, Payloads: shape.ToArray())).ToList();
        var rest = shapes.Skip(maxShapes).SelectMany(shape => shape.Payloads).ToArray();
        var cells = shapes.Take(maxShapes).SelectMany(shape => Cells(shape.Name, shape.Payloads, protocol, maxBatch, shapes.Count > 1)).ToList();
        if (rest.Length > 0) cells.Add(new("", 1, $"{shapes.Count - maxShapes} rare shapes", rest));
        return cells;
    }

    /// <summary>The batch sizes beyond single rows, smallest first.</summary>
    public static IEnumerable<int> Buckets(int maxBatch)
    {
        for (var size = 2; size < maxBatch; size *= 2) yield return size;
        if (maxBatch > 1) yield return maxBatch;
    }

    private static IEnumerable<WarmupCell> Cells(
        string shape, InferencePayload[] payloads, IInferenceProtocol protocol, int maxBatch, bool isOneOfMany)
    {
        var prefix = isOneOfMany ? $"{Short(shape)}, " : "";
        yield return new(shape, 1, $"{prefix}single rows", payloads);
        foreach (var size in Buckets(maxBatch))
        {
            var batches = Batches(payloads, protocol, size);
            if (batches.Count > 0) yield return new(shape, size, $"{prefix}batches of {size}", batches);
        }
    }

    /// <summary>Batches that begin at different payloads; none when the payloads cannot stand in one request.</summary>
    private static List<InferencePayload> Batches(InferencePayload[] payloads, IInferenceProtocol protocol, int size)
    {
        var batches = new List<InferencePayload>();
        var at = 0;
        for (var variant = 0; variant < Math.Min(MostVariants, payloads.Length); variant++)
        {
            var rows = new List<InferencePayload>();
            for (var count = 0; count < size; at++)
            {
                rows.Add(payloads[at % payloads.Length]);
                count += rows[^1].Rows;
            }

            if (protocol.Concatenate(rows) is not { } batch) return [];
            batches.Add(batch);
        }

        return batches;
    }

    private static string Short(string shape) => shape.Length <= 60 ? shape : $"{shape[..59]}…";
}
