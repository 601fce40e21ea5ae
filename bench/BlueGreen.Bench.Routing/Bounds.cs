using System.Globalization;

namespace BlueGreen.Bench.Routing;

/// <summary>Says which bounds were not kept. A figure that was not measured because nobody asked for it misses nothing.</summary>
internal sealed class Bounds
{
    private readonly List<string> _missed = [];

    public IReadOnlyList<string> Missed => _missed;

    /// <param name="what">The figure's name.</param>
    /// <param name="count">Of what must not be.</param>
    public Bounds None(string what, int count) => Add(count == 0, $"{what}: {count}, and none may be");

    /// <param name="what">The figure's name.</param>
    /// <param name="value">Null: not measured.</param>
    /// <param name="most">The bound.</param>
    public Bounds AtMost(string what, double? value, double most) => Add(!(value > most), $"{what}: {Text(value)}, at most {Text(most)}");

    /// <param name="what">The figure's name.</param>
    /// <param name="value">Null: not measured.</param>
    /// <param name="least">The bound.</param>
    public Bounds AtLeast(string what, double? value, double least) => Add(!(value < least), $"{what}: {Text(value)}, at least {Text(least)}");

    /// <param name="isMeasured">False: what it would have been compared with is not installed.</param>
    /// <param name="what">The figure's name.</param>
    public Bounds Measured(string what, bool isMeasured) => Add(isMeasured, $"{what}: not measured");

    private Bounds Add(bool isKept, string otherwise)
    {
        if (!isKept) _missed.Add(otherwise);
        return this;
    }

    private static string Text(double? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "nothing";
}
