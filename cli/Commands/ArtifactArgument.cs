using System.Security.Cryptography;
using BlueGreen.Cli.Api;

namespace BlueGreen.Cli.Commands;

/// <summary>Turns <c>--artifact</c> and <c>--sha256</c> into a reference that the platform can fetch and verify.</summary>
internal static class ArtifactArgument
{
    /// <exception cref="CommandFailure">A missing or different file, or an address without a digest.</exception>
    public static async Task<PromotionArtifact> ResolveAsync(string artifact, string? sha256, CancellationToken ct)
    {
        if (sha256 is not null && !IsDigest(sha256))
        {
            throw CommandFailure.Usage("--sha256", $"'{sha256}' is not a SHA-256 digest: 64 hexadecimal digits are expected.");
        }

        var isUri = artifact.Contains("://", StringComparison.Ordinal) && Uri.TryCreate(artifact, UriKind.Absolute, out _);
        if (isUri && !new Uri(artifact).IsFile)
        {
            return sha256 is null
                ? throw CommandFailure.Usage("--sha256", "An artifact that is not a local file needs its digest: --sha256 <64 hex digits>.")
                : new PromotionArtifact(artifact, sha256.ToLowerInvariant());
        }

        var path = isUri ? new Uri(artifact).LocalPath : Path.GetFullPath(artifact);
        var digest = await DigestAsync(path, ct);
        if (sha256 is not null && !digest.Equals(sha256, StringComparison.OrdinalIgnoreCase))
        {
            throw CommandFailure.Usage("--sha256", $"The digest of {path} is {digest}, not {sha256}: is it the file you mean?");
        }

        return new PromotionArtifact(new Uri(path).AbsoluteUri, digest);
    }

    private static bool IsDigest(string text) => text.Length == 64 && text.All(char.IsAsciiHexDigit);

    private static async Task<string> DigestAsync(string path, CancellationToken ct)
    {
        try
        {
            await using var file = File.OpenRead(path);
            return Convert.ToHexStringLower(await SHA256.HashDataAsync(file, ct));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw CommandFailure.Usage("--artifact", $"{path} cannot be read: {failure.Message}");
        }
    }
}
