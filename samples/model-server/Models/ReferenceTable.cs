namespace BlueGreen.ModelServer.Models;

/// <summary>
/// Training rows that an imputer compares with: log-transformed, standardised numbers, row after row, and a category each.
/// </summary>
internal sealed class ReferenceTable(float[] means, float[] deviations, float[] rows, byte[] categories)
{
    public int Width => means.Length;

    public int Count => categories.Length;

    public ReadOnlySpan<float> Row(int index) => rows.AsSpan(index * Width, Width);

    /// <summary>Index into the metadata's categories.</summary>
    public int CategoryOf(int index) => categories[index];

    /// <summary>Moves a raw row into the table's space; a missing number becomes the mean.</summary>
    public void Standardise(ReadOnlySpan<float> numbers, Span<float> standardised)
    {
        for (var i = 0; i < Width; i++)
        {
            var z = (MathF.Log(1 + numbers[i]) - means[i]) / deviations[i];
            standardised[i] = float.IsFinite(z) ? z : 0;
        }
    }

    public static ReferenceTable Build(IReadOnlyList<ModelRow> sample, IReadOnlyList<string> categories)
    {
        var width = sample[0].Numbers.Length;
        var (means, deviations) = (new float[width], new float[width]);
        for (var i = 0; i < width; i++)
        {
            var column = i;
            means[i] = sample.Average(row => MathF.Log(1 + row.Numbers[column]));
            var variance = sample.Average(row => MathF.Pow(MathF.Log(1 + row.Numbers[column]) - means[column], 2));
            deviations[i] = MathF.Max(MathF.Sqrt(variance), 1e-6f);
        }

        var indexOf = categories.Select((name, index) => (name, index)).ToDictionary(pair => pair.name, pair => (byte)pair.index);
        var table = new ReferenceTable(
            means, deviations, new float[sample.Count * width], [.. sample.Select(row => indexOf[row.Category])]);
        for (var i = 0; i < sample.Count; i++) table.Standardise(sample[i].Numbers, table.MutableRow(i));
        return table;
    }

    public void Write(Stream stream)
    {
        using var writer = new BinaryWriter(stream);
        writer.Write(Count);
        writer.Write(Width);
        foreach (var block in new[] { means, deviations, rows })
            foreach (var value in block) writer.Write(value);
        writer.Write(categories);
    }

    public static ReferenceTable Read(Stream stream)
    {
        using var reader = new BinaryReader(stream);
        var (count, width) = (reader.ReadInt32(), reader.ReadInt32());
        if (count is < 1 or > 10_000_000 || width is < 1 or > 10_000)
            throw new InvalidDataException("The reference table's header is out of range.");
        var (means, deviations, rows) = (ReadFloats(reader, width), ReadFloats(reader, width), ReadFloats(reader, count * width));
        var categories = reader.ReadBytes(count);
        return categories.Length == count
            ? new ReferenceTable(means, deviations, rows, categories)
            : throw new InvalidDataException("The reference table is truncated.");
    }

    private Span<float> MutableRow(int index) => rows.AsSpan(index * Width, Width);

    private static float[] ReadFloats(BinaryReader reader, int count)
    {
        var values = new float[count];
        for (var i = 0; i < count; i++) values[i] = reader.ReadSingle();
        return values;
    }
}
