using BlueGreen.Contracts;
using BlueGreen.Platform.Http;
using BlueGreen.Platform.Webhooks;

namespace BlueGreen.RegistryListener.Sources;

/// <summary>The checks that every source's names and artifacts must pass, whatever its JSON looks like.</summary>
internal static class PromotionFields
{
    public const int MaxName = 128;
    public const int MaxUri = 2048;
    public const int MaxPerson = 256;

    /// <summary>A name that becomes part of URLs, file names and labels: letters, digits and <c>. _ - +</c>, beginning with letter or digit.</summary>
    public static string Name(this JsonFields fields, string field) => Checked(fields, field, fields.Text(field, MaxName));

    /// <summary>As <see cref="Name"/>, but may be absent.</summary>
    public static string? OptionalName(this JsonFields fields, string field) =>
        fields.OptionalText(field, MaxName) is { } name ? Checked(fields, field, name) : null;

    /// <summary>An absolute URI of an allowed scheme, without credentials in it, and the digest that its content must have.</summary>
    public static ArtifactReference Artifact(this JsonFields fields, IList<string> schemes)
    {
        var uri = fields.Text("uri", MaxUri);
        var digest = fields.Text("sha256", MaxName).ToLowerInvariant();
        if (digest.Length > 0 && !BlobDigest.IsValid(digest)) fields.Refuse("sha256", "It must be a SHA-256 digest: 64 hexadecimal digits.");
        var parsed = Absolute(uri);
        if (parsed is null) fields.Refuse("uri", "It must be an absolute URI such as https://registry.example/fraud-7.zip.");
        else if (!schemes.Contains(parsed.Scheme, StringComparer.OrdinalIgnoreCase))
            fields.Refuse("uri", $"The scheme '{parsed.Scheme}' is not allowed; allowed are {string.Join(", ", schemes)}.");
        else if (parsed.UserInfo.Length > 0) fields.Refuse("uri", "It must not contain credentials.");
        fields.RefuseOthers();
        return new ArtifactReference { Uri = parsed ?? Placeholder, Sha256 = digest };
    }

    /// <summary>An absolute URI of decent length without credentials, else null; which schemes may be fetched is decided by who knows them.</summary>
    public static Uri? ArtifactUri(string text) => text.Length <= MaxUri && Absolute(text) is { UserInfo.Length: 0 } uri ? uri : null;

    public const string NameRule = "It must begin with a letter or digit and consist of letters, digits and . _ - + only.";

    public static bool IsName(string name) => name.Length > 0 && char.IsAsciiLetterOrDigit(name[0]) && name.All(IsNameCharacter);

    /// <summary>A registry's name as URLs and file names may have it: what is not allowed becomes a hyphen.</summary>
    public static string ToName(string text)
    {
        var name = string.Concat(text.Select(character => IsNameCharacter(character) ? character : '-')).TrimStart('.', '_', '-', '+');
        return name.Length switch { 0 => "model", > MaxName => name[..MaxName], _ => name };
    }

    // A bare path counts as an absolute URI on Unix, but would be a relative one to whoever reads it from a message.
    private static Uri? Absolute(string text) =>
        text.Contains(':', StringComparison.Ordinal) && Uri.TryCreate(text, UriKind.Absolute, out var uri) ? uri : null;

    private static Uri Placeholder { get; } = new("about:blank");

    private static string Checked(JsonFields fields, string field, string name)
    {
        if (name.Length > 0 && !IsName(name)) fields.Refuse(field, NameRule);
        return name;
    }

    private static bool IsNameCharacter(char character) => char.IsAsciiLetterOrDigit(character) || character is '.' or '_' or '-' or '+';
}
