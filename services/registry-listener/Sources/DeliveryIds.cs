namespace BlueGreen.RegistryListener.Sources;

/// <summary>What ids may look like: they become keys, and parts of answers and logs.</summary>
internal static class DeliveryIds
{
    public const int MaxLength = 128;

    public static bool IsValid(string? id) =>
        id is { Length: > 0 and <= MaxLength } && id.All(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '_' or ':' or '-');
}
