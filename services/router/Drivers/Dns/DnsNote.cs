using System.Globalization;

namespace BlueGreen.Router.Drivers.Dns;

/// <summary>What stands in the TXT record beside a name's addresses: the mark, and what is needed to know how long caches keep former answers.</summary>
/// <param name="Mark">See <see cref="DriverMark"/>.</param>
/// <param name="Until">Until when caches may keep answers that were given out with a longer TTL than the present one, Unix seconds.</param>
/// <param name="StaleSeconds">For how long after the last change of addresses clients may have been sent to the former ones.</param>
internal sealed record DnsNote(DriverMark? Mark, long Until, long StaleSeconds)
{
    public static DnsNote Empty { get; } = new(null, 0, 0);

    public static DnsNote Read(string? text) => text is null ? Empty : new DnsNote(DriverMark.Read(text), Number(text, "until="), Number(text, "stale="));

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Mark} until={Until} stale={StaleSeconds}");

    private static long Number(string text, string name)
    {
        var word = text.Split(' ').FirstOrDefault(word => word.StartsWith(name, StringComparison.Ordinal));
        return word is not null && long.TryParse(word.AsSpan(name.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
    }
}
