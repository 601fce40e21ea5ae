using System.Security.Cryptography;

namespace BlueGreen.Rollback.Sources;

/// <summary>Where SNS's certificates come from.</summary>
internal interface ISnsCertificates
{
    /// <summary>The certificate at an address that was checked to be one of SNS. Never throws for what is there or is not.</summary>
    Task<SnsCertificate> FindAsync(Uri address, CancellationToken cancellationToken);
}

/// <param name="Key">The public key; null when it could not be had.</param>
/// <param name="IsFinal">Without a key: asking again is of no use.</param>
internal sealed record SnsCertificate(RSA? Key, bool IsFinal);
