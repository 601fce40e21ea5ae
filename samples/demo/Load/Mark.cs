using System.Globalization;

namespace BlueGreen.Demo.Load;

/// <summary>Something that happened beside the requests. The log alone has to be enough to judge the run, so a mark says what is expected.</summary>
/// <param name="At">Microseconds of the <see cref="RunClock"/>.</param>
/// <param name="Kind">One of the constants below.</param>
/// <param name="Story">The story it belongs to, e.g. <c>v4</c>.</param>
/// <param name="Versions">Model versions that may answer requests sent from now on.</param>
internal sealed record Mark(long At, string Kind, string Story, IReadOnlyList<string> Versions)
{
    public const string Begin = "begin";
    public const string End = "end";

    /// <summary>Taken before the first byte of the alarm leaves.</summary>
    public const string Alarm = "alarm";

    public string ToLine() => string.Create(CultureInfo.InvariantCulture, $"#mark\t{At}\t{Kind}\t{Story}\t{string.Join(',', Versions)}");

    /// <summary>Null if the line is no mark.</summary>
    public static Mark? Parse(string line) =>
        line.Split('\t') is ["#mark", var at, var kind, var story, var versions]
            ? new Mark(long.Parse(at, CultureInfo.InvariantCulture), kind, story, versions.Split(',', StringSplitOptions.RemoveEmptyEntries))
            : null;
}
