using System.Text;
using BlueGreen.Platform.Http;

namespace BlueGreen.Rollback.Alarms;

/// <summary>Keys of bounded length, whatever names the sources think of.</summary>
internal static class AlarmKey
{
    /// <summary>Key of the stored record: one per firing and endpoint, or a new one each time when firings cannot be told apart.</summary>
    public static string OfRecord(Alarm alarm, string? endpoint) =>
        Of(alarm.Source, endpoint, alarm.Identity ?? Guid.NewGuid().ToString());

    /// <summary>The id that the history knows the record by.</summary>
    public static Guid AlarmId(string key) => new(Convert.FromHexString(key).AsSpan(0, 16));

    public static string Of(string source, string? endpoint, string what) => BlobDigest.Of(Encoding.UTF8.GetBytes($"{source}\n{endpoint}\n{what}"));
}
