using System.Text.Json.Serialization;

namespace BlueGreen.Bench.Routing;

/// <summary>Milliseconds, nearest rank.</summary>
internal sealed record Quantiles(
    [property: JsonPropertyName("p50")] double P50, [property: JsonPropertyName("p99")] double P99, [property: JsonPropertyName("max")] double Max)
{
    /// <returns>Null when nothing was measured.</returns>
    public static Quantiles? Of(IEnumerable<double> values)
    {
        var ascending = values.Order().ToArray();
        return ascending.Length == 0 ? null : new Quantiles(At(ascending, 0.5), At(ascending, 0.99), At(ascending, 1));
    }

    private static double At(double[] ascending, double share) =>
        Math.Round(ascending[Math.Max(0, (int)Math.Ceiling(share * ascending.Length) - 1)], 2);
}
