using System.Text;
using BlueGreen.Platform.Http;

namespace BlueGreen.Rollback.Alarms;

/// <summary>Keys of bounded length, whatever names the sources think of.</summary>
internal static class AlarmKey
{
    private const int MaxLength = 256;

    /// <summary>Key of the stored record: one per firing and endpoint, or a new one each time when firings cannot be told apart.</summary>
    public static string OfRecord(Alarm alarm, string? endpoint) =>
        Of(alarm.Source, endpoint, alarm.Identity ?? Guid.NewGuid().ToString());

    /// <summary>The id that the history knows the record by.</summary>
    public static Guid AlarmId(string key) => new(Convert.FromHexString(key).AsSpan(0, 16));

    /// <summary>The alarm with series and identity of bounded length: a group's key may be as long as a request.</summary>
    public static Alarm Bound(Alarm alarm) => alarm with
    {
        Series = Fit(alarm.Series),
        Identity = alarm.Identity is { } identity ? Fit(identity) : null,
    };

    private static string Fit(string text) => text.Length <= MaxLength ? text : BlobDigest.Of(Encoding.UTF8.GetBytes(text));

    public static string Of(string source, string? endpoint, string what) => BlobDigest.Of(Encoding.UTF8.GetBytes($"{source}\n{endpoint}\n{what}"));
}
