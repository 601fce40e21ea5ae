using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using BlueGreen.Contracts;
using BlueGreen.Platform.Hosting;
using Microsoft.Extensions.Options;

namespace BlueGreen.Platform.Http;

/// <summary>Fetches each blob once and keeps it on disk; whoever asks while it is being fetched waits for the same request.</summary>
internal sealed class CachedBlobs(
    IHttpClientFactory clients, IOptions<ServiceAddresses> addresses, IOptions<PlatformOptions> platform) : IBlobs
{
    public const string ClientName = "platform-blobs";

    private readonly ConcurrentDictionary<string, Lazy<Task<byte[]>>> _fetches = new(StringComparer.Ordinal);
    private readonly string _directory = Path.Combine(Path.GetFullPath(platform.Value.DataDirectory), "blobs");

    public async Task<byte[]> GetAsync(BlobReference blob, CancellationToken cancellationToken)
    {
        var digest = blob.Sha256;
        // The digest names a file and a URL: it must be nothing but a digest.
        if (!BlobDigest.IsValid(digest)) throw new ArgumentException($"'{digest}' is not 64 lower-case hexadecimal digits.", nameof(blob));

        var cached = await ReadCacheAsync(digest, cancellationToken);
        if (cached is not null) return cached;

        // The request is shared, so one caller's cancellation must not end it for the others: each waits with its own token.
        var fetch = _fetches.GetOrAdd(digest, _ => new Lazy<Task<byte[]>>(() => FetchAsync(blob)));
        try
        {
            return await fetch.Value.WaitAsync(cancellationToken);
        }
        finally
        {
            if (fetch.Value.IsCompleted) _fetches.TryRemove(new(digest, fetch));
        }
    }

    private async Task<byte[]?> ReadCacheAsync(string digest, CancellationToken cancellationToken)
    {
        var path = Path.Combine(_directory, digest);
        if (!File.Exists(path)) return null;
        var bytes = await File.ReadAllBytesAsync(path, cancellationToken);
        // A damaged file is a cache miss: the next fetch writes it anew.
        return BlobDigest.Of(bytes) == digest ? bytes : null;
    }

    private async Task<byte[]> FetchAsync(BlobReference blob)
    {
        var url = new Uri(addresses.Value.OrchestratorUrl, $"/api/v1/blobs/{blob.Sha256}");
        var bytes = await DownloadAsync(blob, url);
        if (BlobDigest.Of(bytes) != blob.Sha256)
            throw new BlobUnavailableException($"{url} answered {bytes.Length} bytes with SHA-256 {BlobDigest.Of(bytes)} for '{blob.Name}'.");

        Directory.CreateDirectory(_directory);
        var partial = Path.Combine(_directory, $"{blob.Sha256}.{RandomNumberGenerator.GetHexString(8)}.partial");
        await File.WriteAllBytesAsync(partial, bytes);
        File.Move(partial, Path.Combine(_directory, blob.Sha256), overwrite: true);
        return bytes;
    }

    private async Task<byte[]> DownloadAsync(BlobReference blob, Uri url)
    {
        try
        {
            using var client = clients.CreateClient(ClientName);
            using var response = await client.GetAsync(url);
            if (response.StatusCode == HttpStatusCode.NotFound)
                throw new BlobUnavailableException($"The orchestrator at {url} has no blob '{blob.Name}' with SHA-256 {blob.Sha256}.");
            response.EnsureSuccessStatusCode();
            return await response.Content.ReadAsByteArrayAsync();
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException)
        {
            throw new BlobUnavailableException($"{url} for '{blob.Name}': {failure.Message}", failure);
        }
    }
}
