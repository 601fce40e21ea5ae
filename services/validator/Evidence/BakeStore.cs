using System.IO.Compression;
using System.Text.Json;
using BlueGreen.Judging.Evidence;
using BlueGreen.Platform.Persistence;
using BlueGreen.Validator.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BlueGreen.Validator.Evidence;

/// <summary>What bakes saw, one document per deployment and attempt: written as they go on and with the verdict, swept by age and size.</summary>
internal sealed class BakeStore(IServiceStore<ValidatorDbContext> store, IOptions<EvidenceOptions> options, TimeProvider clock) : IBakeRecords
{
    public async Task<BakeEvidence?> FindAsync(Guid deployment, int? attempt, CancellationToken cancellationToken)
    {
        var oldest = clock.GetUtcNow() - options.Value.Ttl;
        var found = await store.ReadAsync((db, token) => db.Bakes
            .Where(row => row.DeploymentId == deployment && (attempt == null || row.Attempt == attempt) && row.LookedAt > oldest)
            .OrderByDescending(row => row.Attempt).FirstOrDefaultAsync(token), cancellationToken);
        if (found is null) return null;
        using var gzip = new GZipStream(new MemoryStream(found.Document), CompressionMode.Decompress);
        return JsonSerializer.Deserialize(gzip, EvidenceJson.Default.BakeEvidence)!;
    }

    public Task SaveAsync(BakeEvidence evidence, CancellationToken cancellationToken) => store.WriteAsync(async (transaction, token) =>
    {
        await Write(evidence)(transaction.Db, token);
        return true;
    }, cancellationToken);

    public Func<ValidatorDbContext, CancellationToken, Task> Write(BakeEvidence evidence)
    {
        var document = Document(evidence with { Pairs = evidence.Pairs?.Within(options.Value.MostScores) });
        return async (db, token) =>
        {
            await db.Bakes.Where(row => row.DeploymentId == evidence.DeploymentId && row.Attempt == evidence.Attempt).ExecuteDeleteAsync(token);
            db.Bakes.Add(new()
            {
                DeploymentId = evidence.DeploymentId,
                Attempt = evidence.Attempt,
                Endpoint = evidence.Endpoint,
                LookedAt = evidence.LookedAt,
                Bytes = document.Length,
                Document = document,
            });
        };
    }

    /// <summary>Deletes what is too old, then of the rest the oldest until all is within its size.</summary>
    /// <returns>How many bakes lost their evidence.</returns>
    public Task<int> SweepAsync(CancellationToken cancellationToken) => store.WriteAsync(async (transaction, token) =>
    {
        var db = transaction.Db;
        var oldest = clock.GetUtcNow() - options.Value.Ttl;
        var swept = await db.Bakes.Where(row => row.LookedAt <= oldest).ExecuteDeleteAsync(token);
        var over = await db.Bakes.SumAsync(row => row.Bytes, token) - options.Value.MostBakeBytes;
        if (over <= 0) return swept;
        var batch = await db.Bakes.OrderBy(row => row.LookedAt).Take(options.Value.Batch)
            .Select(row => new { row.DeploymentId, row.Attempt, row.Bytes }).ToListAsync(token);
        foreach (var bake in batch.TakeWhile(_ => over > 0))
        {
            over -= bake.Bytes;
            swept += await db.Bakes.Where(row => row.DeploymentId == bake.DeploymentId && row.Attempt == bake.Attempt).ExecuteDeleteAsync(token);
        }

        return swept;
    }, cancellationToken);

    private static byte[] Document(BakeEvidence evidence)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
            JsonSerializer.Serialize(gzip, evidence, EvidenceJson.Default.BakeEvidence);
        return compressed.ToArray();
    }
}
