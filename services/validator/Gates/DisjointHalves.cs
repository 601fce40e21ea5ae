using BlueGreen.Platform.Inference;

namespace BlueGreen.Validator.Gates;

/// <summary>
/// Payloads dealt out so that green and blue never see the same input: on the same inputs identical models differ by exactly 0 and a
/// p-value for independent samples would mean nothing. Shuffled first, because files are often sorted by label; the seed is the
/// deployment's, so that a repetition judges the same data.
/// </summary>
internal sealed class DisjointHalves
{
    private readonly Queue<InferencePayload> _green = new();
    private readonly Queue<InferencePayload> _blue = new();

    public DisjointHalves(IReadOnlyList<InferencePayload> payloads, Guid deployment)
    {
        var shuffled = payloads.ToArray();
        new Random(BitConverter.ToInt32(deployment.ToByteArray())).Shuffle(shuffled);
        for (var i = 0; i < shuffled.Length; i++) (i % 2 == 0 ? _green : _blue).Enqueue(shuffled[i]);
    }

    /// <summary>Rows left for the side that has fewer.</summary>
    public int RowsPerSide => Math.Min(_green.Sum(payload => payload.Rows), _blue.Sum(payload => payload.Rows));

    /// <summary>True when there is nothing left for either side.</summary>
    public bool AreEmpty => _green.Count == 0 && _blue.Count == 0;

    /// <summary>Takes payloads for blue alone.</summary>
    public IReadOnlyList<InferencePayload> TakeBlue(int rows) => Take(_blue, rows);

    /// <summary>Takes payloads for green alone.</summary>
    public IReadOnlyList<InferencePayload> TakeGreen(int rows) => Take(_green, rows);

    private static List<InferencePayload> Take(Queue<InferencePayload> from, int rows)
    {
        var taken = new List<InferencePayload>();
        for (var sum = 0; sum < rows && from.TryDequeue(out var payload); sum += payload.Rows) taken.Add(payload);
        return taken;
    }
}
