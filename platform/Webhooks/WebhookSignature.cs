using System.Security.Cryptography;
using System.Text;

namespace BlueGreen.Platform.Webhooks;

/// <summary>HMAC-SHA256 signatures over raw bytes.</summary>
public static class WebhookSignature
{
    /// <summary>True when <paramref name="hex"/> is the HMAC-SHA256 of prefix and body in hexadecimal; compared in constant time.</summary>
    public static bool IsValidHex(string secret, string prefix, ReadOnlyMemory<byte> body, string hex)
    {
        Span<byte> presented = stackalloc byte[HMACSHA256.HashSizeInBytes];
        if (hex.Length != 2 * presented.Length
            || Convert.FromHexString(hex, presented, out _, out _) != System.Buffers.OperationStatus.Done) return false;
        return CryptographicOperations.FixedTimeEquals(presented, Compute(secret, prefix, body));
    }

    /// <summary>True when <paramref name="base64"/> is the HMAC-SHA256 of prefix and body in base64; compared in constant time.</summary>
    public static bool IsValidBase64(string secret, string prefix, ReadOnlyMemory<byte> body, string base64)
    {
        Span<byte> presented = stackalloc byte[HMACSHA256.HashSizeInBytes];
        // 32 bytes are 44 characters; longer text would only be white space, which the decoder would skip.
        return base64.Length == 44 && Convert.TryFromBase64String(base64, presented, out var written) && written == presented.Length
            && CryptographicOperations.FixedTimeEquals(presented, Compute(secret, prefix, body));
    }

    /// <summary>True when both texts are the same; how long it takes says neither where they differ nor how long the secret is.</summary>
    public static bool IsSameText(string secret, string presented) => CryptographicOperations.FixedTimeEquals(
        SHA256.HashData(Encoding.UTF8.GetBytes(secret)), SHA256.HashData(Encoding.UTF8.GetBytes(presented)));

    /// <summary>HMAC-SHA256 with the UTF-8 bytes of the secret, over the UTF-8 bytes of the prefix and then the body.</summary>
    public static byte[] Compute(string secret, string prefix, ReadOnlyMemory<byte> body)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret));
        hmac.AppendData(Encoding.UTF8.GetBytes(prefix));
        hmac.AppendData(body.Span);
        return hmac.GetHashAndReset();
    }
}
