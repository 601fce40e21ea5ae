using BlueGreen.Platform.Inference;

namespace BlueGreen.Prewarmer.Warming;

/// <summary>
/// Sorts payloads into cells. Servers compile, allocate and cache by shape and by batch size, most of them in powers of two: a replica
/// that is warm for single rows may be cold for the largest batch. Buckets are the powers of two and the largest batch itself; a batch is
/// never larger than its bucket, since servers refuse what is above their maximum.
/// </summary>
internal static class WarmupCells
{
    /// <summary>Different batches sent of one size.</summary>
    private const int MostVariants = 4;

    /// <param name="payloads">The policy's payloads, or one that was made up; at least one.</param>
    /// <param name="protocol">Who can put rows together.</param>
    /// <param name="maxBatch">Rows in the largest batch that production sends.</param>
    /// <param name="maxShapes">Shapes warmed each on its own, the most frequent ones; the rest share a cell per kind of request.</param>
    public static IReadOnlyList<WarmupCell> Of(
        IReadOnlyList<InferencePayload> payloads, IInferenceProtocol protocol, int maxBatch, int maxShapes)
    {
        var shapes = payloads.GroupBy(payload => payload.Shape, StringComparer.Ordinal)
            .OrderByDescending(shape => shape.Count()).Select(shape => (Name: shape.Key, Payloads: shape.ToArray())).ToList();
        return
        [
            .. shapes.Take(maxShapes).SelectMany(shape => Cells(shape.Name, shape.Payloads, protocol, maxBatch, shapes.Count > 1)),
            .. Rare([.. shapes.Skip(maxShapes).Select(shape => shape.Payloads)], protocol, maxBatch),
        ];
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
        InferencePayload[] single = [.. payloads.Where(payload => payload.Rows <= 1)];
        InferencePayload[] several = [.. payloads.Where(payload => payload.Rows > 1)];
        if (single.Length > 0) yield return new(shape, 1, $"{prefix}single rows", single);
        if (several.Length > 0)
        {
            var most = several.Max(payload => payload.Rows);
            yield return new(shape, most, $"{prefix}requests of up to {most} rows, as they stand", several);
        }

        var largest = 0;
        foreach (var size in Buckets(maxBatch))
        {
            var batches = Batches(payloads, protocol, size, MostVariants);
            if (batches.Count == 0 || batches[0].Rows == largest) continue;
            largest = batches[0].Rows;
            yield return new(shape, largest, $"{prefix}batches of {largest}", batches);
        }
    }

    /// <summary>The shapes that have no cells of their own: as they stand, and each once in its largest batch.</summary>
    private static IEnumerable<WarmupCell> Rare(InferencePayload[][] shapes, IInferenceProtocol protocol, int maxBatch)
    {
        if (shapes.Length == 0) yield break;
        yield return new("", 1, $"{shapes.Length} rare shapes", [.. shapes.SelectMany(payloads => payloads)]);
        InferencePayload[] batches = [.. shapes.SelectMany(payloads => Batches(payloads, protocol, maxBatch, variants: 1))];
        if (batches.Length == 0) yield break;
        var most = batches.Max(batch => batch.Rows);
        yield return new("", most, $"{shapes.Length} rare shapes, batches of up to {most}", batches);
    }

    /// <summary>
    /// Batches that begin at different payloads, of as many rows as there can be without more than the size; none when that is one payload
    /// as it stands, or when payloads cannot stand in one request.
    /// </summary>
    private static List<InferencePayload> Batches(InferencePayload[] payloads, IInferenceProtocol protocol, int size, int variants)
    {
        var sums = Sums(payloads, size);
        var most = Array.FindLastIndex(sums, isSum => isSum);
        var batches = new List<InferencePayload>();
        var at = 0;
        for (var variant = 0; variant < Math.Min(variants, payloads.Length); variant++)
        {
            var parts = new List<InferencePayload>();
            for (var left = most; left > 0; at++)
            {
                var next = payloads[at % payloads.Length];
                if (next.Rows < 1 || next.Rows > left || !sums[left - next.Rows]) continue;
                parts.Add(next);
                left -= next.Rows;
            }

            if (parts.Count < 2) continue;
            if (protocol.Concatenate(parts) is not { } batch) return [];
            batches.Add(batch);
        }

        return batches;
    }

    /// <returns>For each number of rows up to the size: whether payloads, any of them any number of times, add up to it.</returns>
    private static bool[] Sums(InferencePayload[] payloads, int size)
    {
        var sums = new bool[size + 1];
        sums[0] = true;
        int[] rows = [.. payloads.Select(payload => payload.Rows).Where(count => count >= 1 && count <= size).Distinct()];
        for (var sum = 1; sum <= size; sum++) sums[sum] = Array.Exists(rows, count => count <= sum && sums[sum - count]);
        return sums;
    }

    private static string Short(string shape) => shape.Length <= 60 ? shape : $"{shape[..59]}…";
}
