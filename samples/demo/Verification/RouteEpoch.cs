using System.Globalization;

namespace BlueGreen.Demo.Verification;

/// <summary>The epoch header as a point on a line: <c>7</c>, then <c>7+revert</c> (flipped back, not yet numbered), then <c>8</c>.</summary>
internal readonly record struct RouteEpoch(long Number, bool Reverted) : IComparable<RouteEpoch>
{
    private const string RevertedSuffix = "+revert";

    public static RouteEpoch? Parse(string? header)
    {
        if (header is null) return null;
        var reverted = header.EndsWith(RevertedSuffix, StringComparison.Ordinal);
        var digits = reverted ? header.AsSpan(0, header.Length - RevertedSuffix.Length) : header;
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? new RouteEpoch(number, reverted) : null;
    }

    public int CompareTo(RouteEpoch other) =>
        Number != other.Number ? Number.CompareTo(other.Number) : Reverted.CompareTo(other.Reverted);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Number}{(Reverted ? RevertedSuffix : "")}");
}
