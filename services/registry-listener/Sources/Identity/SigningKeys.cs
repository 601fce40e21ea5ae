using System.Collections.Concurrent;
using Microsoft.IdentityModel.Tokens;

namespace BlueGreen.RegistryListener.Sources.Identity;

/// <summary>
/// The issuers' public keys, fetched when they are first needed and kept. They are asked for again after <see cref="Lifetime"/>, and when a
/// token names a key that is not among them, but not more often than <see cref="Pause"/> allows, whatever tokens come: nobody who can reach
/// this address can make it call the issuer at will.
/// </summary>
internal sealed class SigningKeys(IHttpClientFactory clients, TimeProvider clock, ILogger<SigningKeys> log)
{
    public const string ClientName = "signing-keys";
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    /// <summary>An issuer that cannot be reached for so long may have withdrawn a key meanwhile.</summary>
    private static readonly TimeSpan LastResort = TimeSpan.FromHours(24);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<Uri, Known> _known = new();

    /// <summary>The keys at the address, with the one of this id if there is such a one; null when they cannot be had now.</summary>
    public async Task<IReadOnlyList<SecurityKey>?> GetAsync(Uri address, string? keyId, CancellationToken cancellationToken)
    {
        var known = _known.GetOrAdd(address, _ => new Known());
        if (IsGood(known, keyId)) return known.Keys;
        await known.Turn.WaitAsync(cancellationToken);
        try
        {
            if (!IsGood(known, keyId) && MayAsk(known)) await FetchAsync(address, known, cancellationToken);
        }
        finally
        {
            known.Turn.Release();
        }

        return known.FetchedAt is { } at && clock.GetUtcNow() - at < LastResort ? known.Keys : null;
    }

    private bool IsGood(Known known, string? keyId) =>
        known.FetchedAt is { } at && clock.GetUtcNow() - at < Lifetime && (keyId is null || known.Keys.Any(key => key.KeyId == keyId));

    private bool MayAsk(Known known) => known.AskedAt is not { } at || clock.GetUtcNow() - at >= Pause;

    private async Task FetchAsync(Uri address, Known known, CancellationToken cancellationToken)
    {
        known.AskedAt = clock.GetUtcNow();
        using var limit = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            var text = await clients.CreateClient(ClientName).GetStringAsync(address, either.Token);
            // Symmetric keys have no place in a public set: with one, whoever can read the set could sign.
            known.Keys = [.. new JsonWebKeySet(text).Keys.Where(key => key.Kty is JsonWebAlgorithmsKeyTypes.RSA or JsonWebAlgorithmsKeyTypes.EllipticCurve)];
            known.FetchedAt = clock.GetUtcNow();
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            log.SigningKeysNotFetched(address, exception);
        }
    }

    private sealed class Known
    {
        public SemaphoreSlim Turn { get; } = new(1, 1);
        public IReadOnlyList<SecurityKey> Keys { get; set; } = [];
        public DateTimeOffset? FetchedAt { get; set; }
        public DateTimeOffset? AskedAt { get; set; }
    }
}
