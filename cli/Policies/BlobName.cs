namespace BlueGreen.Cli.Policies;

/// <summary>How a policy refers to a stored file: <c>sha256:&lt;64 hex digits&gt;#golden.jsonl</c>.</summary>
internal static class BlobName
{
    private const string Scheme = "sha256:";

    public static bool IsReference(string text) => text.StartsWith(Scheme, StringComparison.Ordinal);

    public static string Reference(PolicyBlob blob) => $"{Scheme}{blob.Sha256}#{blob.Name}";
}
