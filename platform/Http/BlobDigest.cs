using System.Security.Cryptography;

namespace BlueGreen.Platform.Http;

/// <summary>SHA-256 digests as text: 64 lower-case hexadecimal digits.</summary>
public static class BlobDigest
{
    private const int Length = 64;

    public static string Of(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));

    public static bool IsValid(string? digest) =>
        digest is { Length: Length } && digest.All(digit => digit is >= '0' and <= '9' or >= 'a' and <= 'f');
}
