using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Primitives;

namespace BlueGreen.Platform.Http;

/// <summary>A secret that callers present as <c>Authorization: Bearer …</c>; only its SHA-256 is kept.</summary>
public sealed class BearerToken
{
    private const string Scheme = "Bearer ";
    private readonly byte[] _hash;

    public BearerToken(string secret) => _hash = Hash(secret);

    /// <summary>
    /// True when the header carries this token. Digests of equal length are compared, in constant time: neither the secret's length
    /// nor a common prefix can be measured.
    /// </summary>
    public bool IsPresentedBy(StringValues authorization) =>
        authorization is [{ } header]
        && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
        && CryptographicOperations.FixedTimeEquals(Hash(header[Scheme.Length..].Trim()), _hash);

    private static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
