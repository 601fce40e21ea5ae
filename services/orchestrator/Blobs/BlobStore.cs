using BlueGreen.Orchestrator.Endpoints;
using BlueGreen.Orchestrator.Persistence;
using BlueGreen.Platform.Http;
using BlueGreen.Platform.Persistence;
using Microsoft.EntityFrameworkCore;

namespace BlueGreen.Orchestrator.Blobs;

/// <summary>Keeps blobs: once stored under their digest, they never change.</summary>
internal sealed class BlobStore(IServiceStore<OrchestratorDbContext> store, TimeProvider clock)
{
    /// <summary>Stores the content under its digest; false when it was there already.</summary>
    public Task<bool> PutAsync(string name, byte[] content, CancellationToken cancellationToken)
    {
        var digest = BlobDigest.Of(content);
        return store.WriteAsync(async (transaction, token) =>
        {
            await transaction.Db.LockConfigurationAsync(token);
            if (await transaction.Db.Blobs.AnyAsync(row => row.Sha256 == digest, token)) return false;
            transaction.Db.Blobs.Add(new BlobRow
            {
                Sha256 = digest,
                Name = name,
                Content = content,
                Size = content.Length,
                CreatedAt = clock.GetUtcNow(),
            });
            return true;
        }, cancellationToken);
    }

    public Task<BlobRow?> FindAsync(string digest, CancellationToken cancellationToken) => store.ReadAsync(
        (db, token) => db.Blobs.SingleOrDefaultAsync(row => row.Sha256 == digest, token), cancellationToken);
}
