using System.Globalization;
using System.Text.RegularExpressions;

namespace BlueGreen.Orchestrator.Policies;

/// <summary>Durations, shares and ranges as policies write them.</summary>
internal static partial class PolicyValues
{
    public const string DurationPattern = @"^(?=\d)(\d{1,6}d)?(\d{1,6}h)?(\d{1,6}m(?!s))?(\d{1,9}s)?(\d{1,9}ms)?$";
    public const string SharePattern = @"^\d{1,3}(\.\d{1,9})?%$";
    public const string SizePattern = @"^\d{1,9}(B|KiB|MiB|GiB)$";
    public const string RangePattern = @"^\d{1,9}\.\.\d{1,9}$";

    /// <summary>Largest unit first: <c>10m</c>, <c>1h30m</c>, <c>500ms</c>, <c>0s</c>.</summary>
    public static bool TryDuration(string text, out TimeSpan duration)
    {
        duration = default;
        var match = DurationRegex().Match(text);
        if (!match.Success) return false;
        var milliseconds = Part(match, 1, 86_400_000) + Part(match, 2, 3_600_000) + Part(match, 3, 60_000)
            + Part(match, 4, 1000) + Part(match, 5, 1);
        duration = TimeSpan.FromMilliseconds(milliseconds);
        return true;
    }

    /// <summary><c>5%</c> or <c>0.05</c>.</summary>
    public static bool TryShare(string text, out double share)
    {
        if (!text.EndsWith('%')) return TryNumber(text, out share);
        var valid = ShareRegex().IsMatch(text);
        // Decimal arithmetic, so that 0.1% is the same number as 0.001.
        share = valid ? (double)(decimal.Parse(text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture) / 100) : 0;
        return valid;
    }

    /// <summary><c>512B</c>, <c>64MiB</c>: always with a unit.</summary>
    public static bool TrySize(string text, out long bytes)
    {
        bytes = 0;
        var match = SizeRegex().Match(text);
        if (!match.Success) return false;
        var unit = match.Groups[1].Value;
        var digits = long.Parse(text[..^unit.Length], CultureInfo.InvariantCulture);
        bytes = digits << (10 * SizeUnits.IndexOf(unit));
        return true;
    }

    public static string WriteSize(long bytes)
    {
        var unit = 0;
        while (unit < SizeUnits.Count - 1 && bytes > 0 && bytes % 1024 == 0) (bytes, unit) = (bytes / 1024, unit + 1);
        return string.Create(CultureInfo.InvariantCulture, $"{bytes}{SizeUnits[unit]}");
    }

    public static bool TryNumber(string text, out double number) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign | NumberStyles.AllowExponent,
            CultureInfo.InvariantCulture, out number) && double.IsFinite(number);

    /// <summary><c>50..500</c>.</summary>
    public static bool TryRange(string text, out CountRange range)
    {
        range = default;
        if (!RangeRegex().IsMatch(text)) return false;
        var ends = text.Split("..");
        range = new(int.Parse(ends[0], CultureInfo.InvariantCulture), int.Parse(ends[1], CultureInfo.InvariantCulture));
        return true;
    }

    public static string Write(TimeSpan duration)
    {
        if (duration == TimeSpan.Zero) return "0s";
        var hours = (long)duration.TotalHours;
        return string.Concat(
            hours > 0 ? $"{hours}h" : "",
            duration.Minutes > 0 ? $"{duration.Minutes}m" : "",
            duration.Seconds > 0 ? $"{duration.Seconds}s" : "",
            duration.Milliseconds > 0 ? $"{duration.Milliseconds}ms" : "");
    }

    public static string WriteShare(double share) =>
        ((decimal)share * 100).ToString("0.#########", CultureInfo.InvariantCulture) + "%";

    private static double Part(Match match, int group, double milliseconds)
    {
        var digits = match.Groups[group].Value.TrimEnd('d', 'h', 'm', 's');
        return digits.Length == 0 ? 0 : long.Parse(digits, CultureInfo.InvariantCulture) * milliseconds;
    }

    private static readonly List<string> SizeUnits = ["B", "KiB", "MiB", "GiB"];

    [GeneratedRegex(SizePattern, RegexOptions.ECMAScript | RegexOptions.CultureInvariant)]
    private static partial Regex SizeRegex();

    [GeneratedRegex(DurationPattern, RegexOptions.ECMAScript | RegexOptions.CultureInvariant)]
    private static partial Regex DurationRegex();

    [GeneratedRegex(SharePattern, RegexOptions.ECMAScript | RegexOptions.CultureInvariant)]
    private static partial Regex ShareRegex();

    [GeneratedRegex(RangePattern, RegexOptions.ECMAScript | RegexOptions.CultureInvariant)]
    private static partial Regex RangeRegex();
}
