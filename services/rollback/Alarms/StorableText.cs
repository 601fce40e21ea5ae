namespace BlueGreen.Rollback.Alarms;

/// <summary>Outside text as it may be stored: PostgreSQL refuses U+0000, and a name is no place for a novel.</summary>
internal static class StorableText
{
    private const int MaxLength = 1024;
    private const int MostLabels = 256;

    public static string Of(string text)
    {
        var end = Math.Min(text.Length, MaxLength);
        // A surrogate pair cut in half is no text any more.
        if (end > 0 && end < text.Length && char.IsHighSurrogate(text[end - 1])) end--;
        return text[..end].Replace('\0', '\uFFFD');
    }

    /// <summary>Whatever its length.</summary>
    public static string Whole(string text) => text.Replace('\0', '\uFFFD');

    public static IReadOnlyDictionary<string, string> Of(IReadOnlyDictionary<string, string> labels)
    {
        var storable = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in labels.Take(MostLabels)) storable[Of(key)] = Of(value);
        return storable;
    }
}
