using System.Text.Json.Serialization;

namespace BlueGreen.Bench.Sagas.Measuring;

/// <summary>Milliseconds, nearest rank.</summary>
internal sealed record Quantiles([property: JsonPropertyName("p50")] double P50, [property: JsonPropertyName("p99")] double P99)
{
    public static Quantiles Of(IReadOnlyList<double> ascending) => new(At(ascending, 0.5), At(ascending, 0.99));

    private static double At(IReadOnlyList<double> ascending, double share) =>
        Math.Round(ascending[Math.Max(0, (int)Math.Ceiling(share * ascending.Count) - 1)], 1);
}
