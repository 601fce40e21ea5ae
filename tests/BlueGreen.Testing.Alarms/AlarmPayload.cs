namespace BlueGreen.Testing.Alarms;

/// <summary>
/// A payload in the form that its source documents. The file's name says what must become of it: <c>firing--…</c>, <c>resolved--…</c>,
/// <c>note--…</c> (valid, and neither) or <c>refused-FIELD--…</c>.
/// </summary>
/// <param name="Source">The alerting system.</param>
/// <param name="Name">The file's name.</param>
/// <param name="Body">The bytes.</param>
internal sealed record AlarmPayload(string Source, string Name, byte[] Body)
{
    public string Expected => Name.Split("--")[0];

    /// <summary>The field that the refusal must name; null when it is not to be refused.</summary>
    public string? RefusedField => Expected.StartsWith("refused-", StringComparison.Ordinal) ? Expected["refused-".Length..] : null;

    public static IReadOnlyList<AlarmPayload> All { get; } = [.. Load()];

    public static AlarmPayload Find(string source, string name) => All.Single(payload => payload.Source == source && payload.Name == name);

    private static IEnumerable<AlarmPayload> Load()
    {
        var root = Path.Combine(AppContext.BaseDirectory, "Payloads");
        foreach (var path in Directory.EnumerateFiles(root, "*--*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            yield return new AlarmPayload(
                Path.GetFileName(Path.GetDirectoryName(path)!), Path.GetFileNameWithoutExtension(path), File.ReadAllBytes(path));
        }
    }
}
