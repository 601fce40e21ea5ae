using BlueGreen.Contracts;

namespace BlueGreen.Platform.Http;

/// <summary>Files of a policy (golden data, warm-up payloads), kept by the orchestrator under the SHA-256 of their content.</summary>
public interface IBlobs
{
    /// <summary>
    /// The bytes of the blob: from the cache below the data directory, else from the orchestrator. They have the digest asked for.
    /// Throws <see cref="BlobUnavailableException"/> when they cannot be had.
    /// </summary>
    Task<byte[]> GetAsync(BlobReference blob, CancellationToken cancellationToken);
}

/// <summary>A blob cannot be had now: unknown to the orchestrator, not what its digest says, or the orchestrator does not answer.</summary>
public sealed class BlobUnavailableException(string message, Exception? innerException = null)
    : Exception(message, innerException);
