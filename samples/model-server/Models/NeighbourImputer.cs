using System.Runtime.InteropServices;

namespace BlueGreen.ModelServer.Models;

/// <summary>Finds a category for a row of an unseen one; see <see cref="NeighbourImputation"/>. Thread-safe.</summary>
internal sealed class NeighbourImputer(NeighbourImputation settings, ReferenceTable table, IReadOnlyList<string> categories)
{
    /// <summary>The imputed category, or null where most draws found no support.</summary>
    public string? Impute(ReadOnlySpan<float> numbers)
    {
        var random = new Random(SeedOf(numbers));
        Span<float> centre = stackalloc float[table.Width];
        Span<float> draw = stackalloc float[table.Width];
        Span<int> votes = stackalloc int[categories.Count];
        table.Standardise(numbers, centre);
        var supported = 0;
        for (var i = 0; i < settings.Draws; i++)
        {
            for (var j = 0; j < draw.Length; j++) draw[j] = centre[j] + settings.Jitter * (float)Gaussian(random);
            if (Vote(draw, votes)) supported++;
        }

        if (2 * supported <= settings.Draws) return null;
        var winner = 0;
        for (var i = 1; i < votes.Length; i++)
            if (votes[i] > votes[winner]) winner = i;
        return categories[winner];
    }

    private bool Vote(ReadOnlySpan<float> draw, Span<int> votes)
    {
        Span<float> nearest = stackalloc float[settings.Neighbours];
        Span<int> rows = stackalloc int[settings.Neighbours];
        nearest.Fill(float.MaxValue);
        for (var row = 0; row < table.Count; row++)
        {
            var distance = SquaredDistance(draw, table.Row(row));
            if (distance < nearest[^1]) Insert(nearest, rows, distance, row);
        }

        foreach (var row in rows) votes[table.CategoryOf(row)]++;
        var sum = 0f;
        foreach (var distance in nearest) sum += MathF.Sqrt(distance);
        return sum / nearest.Length <= settings.Radius;
    }

    private static float SquaredDistance(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var sum = 0f;
        for (var i = 0; i < a.Length; i++) sum += (a[i] - b[i]) * (a[i] - b[i]);
        return sum;
    }

    private static void Insert(Span<float> nearest, Span<int> rows, float distance, int row)
    {
        var at = nearest.Length - 1;
        for (; at > 0 && nearest[at - 1] > distance; at--) (nearest[at], rows[at]) = (nearest[at - 1], rows[at - 1]);
        (nearest[at], rows[at]) = (distance, row);
    }

    // Drawn from the row itself, so that the same row always gets the same answer.
    private static int SeedOf(ReadOnlySpan<float> numbers)
    {
        var hash = 2166136261u;
        foreach (var value in MemoryMarshal.AsBytes(numbers)) hash = (hash ^ value) * 16777619u;
        return (int)hash;
    }

    private static double Gaussian(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
