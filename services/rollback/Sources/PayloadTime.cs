using System.Globalization;

namespace BlueGreen.Rollback.Sources;

/// <summary>
/// Times as alerting systems write them: ISO 8601 (also with an offset such as <c>+0000</c>), or seconds, milliseconds, microseconds or
/// nanoseconds since 1970, as number or text.
/// </summary>
internal static class PayloadTime
{
    private const double MaxSeconds = 253402300799;

    /// <summary>
    /// Null when there is none, when it is a zero time (Go's year 1, epoch 0), or when it cannot be read: a time is never a reason to
    /// turn an alarm away.
    /// </summary>
    public static DateTimeOffset? Time(this PayloadValue value)
    {
        if (value.Scalar is not { } text || text.StartsWith("0001-01-01", StringComparison.Ordinal)) return null;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)) return SinceEpoch(number);
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time.ToUniversalTime()
            : null;
    }

    private static DateTimeOffset? SinceEpoch(double number)
    {
        if (!double.IsFinite(number) || number <= 0) return null;
        var seconds = number switch
        {
            < 1e11 => number,
            < 1e14 => number / 1e3,
            < 1e17 => number / 1e6,
            _ => number / 1e9,
        };
        return seconds < MaxSeconds ? DateTimeOffset.UnixEpoch.AddSeconds(seconds) : null;
    }
}
