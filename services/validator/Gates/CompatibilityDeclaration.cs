using System.Text.Json;

namespace BlueGreen.Validator.Gates;

/// <summary>
/// The schema versions that a model declares, by kind: <c>{"state": {"writes": 3, "reads": [2, 3]}, "input": …, "output": …}</c>.
/// </summary>
internal sealed record CompatibilityDeclaration(IReadOnlyDictionary<string, VersionsOf> Kinds)
{
    private static readonly string[] Known = ["input", "output", "state"];

    /// <returns>Null when it is none, or declares nothing.</returns>
    public static CompatibilityDeclaration? Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind != JsonValueKind.Object) return null;
            var kinds = Known.Where(kind => document.RootElement.TryGetProperty(kind, out var versions) && versions.ValueKind == JsonValueKind.Object)
                .ToDictionary(kind => kind, kind => VersionsOf.Read(document.RootElement.GetProperty(kind)), StringComparer.Ordinal);
            return kinds.Count > 0 ? new(kinds) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>What the other does not read of what this one writes.</summary>
    public IEnumerable<string> Faults(string own, CompatibilityDeclaration other, string others) =>
        from kind in Kinds
        let reader = other.Kinds.GetValueOrDefault(kind.Key)
        where reader is null || (kind.Value.Writes is { } written && !reader.Reads.Contains(written))
        select reader is null
            ? $"{own} declares its {kind.Key}, {others} does not"
            : $"{own} writes {kind.Key} {kind.Value.Writes}, {others} reads {(reader.Reads.Count == 0 ? "none" : string.Join(", ", reader.Reads))}";
}

/// <param name="Writes">The version that is written; null: none is.</param>
/// <param name="Reads">The versions that are understood.</param>
internal sealed record VersionsOf(string? Writes, IReadOnlyList<string> Reads)
{
    public static VersionsOf Read(JsonElement versions) => new(
        versions.TryGetProperty("writes", out var writes) && writes.ValueKind is JsonValueKind.Number or JsonValueKind.String ? writes.ToString() : null,
        versions.TryGetProperty("reads", out var reads) && reads.ValueKind == JsonValueKind.Array ? [.. reads.EnumerateArray().Select(version => version.ToString())] : []);
}
