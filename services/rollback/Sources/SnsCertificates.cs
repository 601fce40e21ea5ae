using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace BlueGreen.Rollback.Sources;

/// <summary>
/// Fetches SNS's certificates once a day each. Failures are remembered for a moment, and few addresses are remembered at all: the addresses come
/// from messages whose signature is yet to be checked.
/// </summary>
internal sealed class SnsCertificates(IHttpClientFactory clients, TimeProvider clock, ILogger<SnsCertificates> log) : ISnsCertificates
{
    public const string ClientName = "rollback-sns";
    private const int Capacity = 64;
    private const int MaxBytes = 64 * 1024;
    private static readonly TimeSpan Kept = TimeSpan.FromDays(1);
    private static readonly TimeSpan FailureKept = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    public async Task<SnsCertificate> FindAsync(Uri address, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (_entries.TryGetValue(address.AbsoluteUri, out var known) && known.Until > now)
            return await known.Certificate.Value.WaitAsync(cancellationToken);
        if (_entries.Count >= Capacity) _entries.Clear();
        var entry = new Entry(new(() => FetchAsync(address)), now + Kept);
        // Who comes while it is being fetched waits for the same request.
        entry = _entries.AddOrUpdate(address.AbsoluteUri, entry, (_, other) => other.Until > now ? other : entry);
        var certificate = await entry.Certificate.Value.WaitAsync(cancellationToken);
        if (certificate.Key is null) _entries.TryUpdate(address.AbsoluteUri, entry with { Until = now + FailureKept }, entry);
        return certificate;
    }

    private async Task<SnsCertificate> FetchAsync(Uri address)
    {
        try
        {
            using var client = clients.CreateClient(ClientName);
            client.MaxResponseContentBufferSize = MaxBytes;
            using var response = await client.GetAsync(address);
            if (response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Forbidden) return new(null, IsFinal: true);
            response.EnsureSuccessStatusCode();
            using var certificate = X509Certificate2.CreateFromPem(await response.Content.ReadAsStringAsync());
            return new(certificate.GetRSAPublicKey(), IsFinal: true);
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException or IOException)
        {
            log.CertificateNotFetched(address.AbsoluteUri, failure.Message);
            return new(null, IsFinal: false);
        }
        catch (CryptographicException unreadable)
        {
            log.CertificateNotFetched(address.AbsoluteUri, unreadable.Message);
            return new(null, IsFinal: true);
        }
    }

    private sealed record Entry(Lazy<Task<SnsCertificate>> Certificate, DateTimeOffset Until);
}
