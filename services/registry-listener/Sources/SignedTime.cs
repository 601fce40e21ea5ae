using System.Globalization;

namespace BlueGreen.RegistryListener.Sources;

/// <summary>The time that a sender signed: outside of the window the same signed bytes are a replay.</summary>
internal static class SignedTime
{
    /// <summary>Whole seconds since 1970, digits only: any other spelling would let one signature stand for two texts.</summary>
    public static bool TryRead(string? stamp, out long seconds) =>
        long.TryParse(stamp, NumberStyles.None, CultureInfo.InvariantCulture, out seconds);

    public static bool IsWithin(TimeSpan window, long seconds, DateTimeOffset now) =>
        Math.Abs(now.ToUnixTimeSeconds() - (double)seconds) <= window.TotalSeconds;

    public static Authentication.Refused Outside(string header, TimeSpan window) => Authentication.Refuse(
        header, $"The timestamp is more than {window.TotalSeconds:0} s from this server's clock; sign again.");
}
