using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using BlueGreen.Contracts;
using BlueGreen.Judging.Evidence;
using BlueGreen.Platform.Persistence;
using BlueGreen.Validator.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BlueGreen.Validator.Evidence;

/// <summary>What the gates judged, per deployment, attempt and gate: written with the verdict, read for judging again, swept.</summary>
internal sealed class EvidenceStore(IServiceStore<ValidatorDbContext> store, IOptions<EvidenceOptions> options, TimeProvider clock)
{
    /// <summary>The rows to write in the transaction that publishes the verdict: both stand or fall together.</summary>
    public Func<ValidatorDbContext, CancellationToken, Task> Write(ValidateEnvironment command, IReadOnlyList<GateEvidence> gates, bool passed)
    {
        EvidenceRow[] rows = [.. gates.Select((gate, place) => Row(command, gate, place))];
        var policy = JsonSerializer.Serialize(command.Gates, EvidenceJson.Default.GatePolicy);
        var judgement = new JudgementRow
        {
            DeploymentId = command.DeploymentId,
            Attempt = command.Attempt,
            Endpoint = command.Endpoint,
            EnvironmentId = command.Green.EnvironmentId,
            Fingerprint = command.Fingerprint,
            JudgedAt = clock.GetUtcNow(),
            Passed = passed,
            Policy = policy,
            PolicyHash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(policy))),
            Bytes = rows.Sum(row => (long)row.Document.Length),
        };
        return async (db, token) =>
        {
            await db.Evidence.Where(row => row.DeploymentId == command.DeploymentId && row.Attempt == command.Attempt).ExecuteDeleteAsync(token);
            await db.Judgements.Where(row => row.DeploymentId == command.DeploymentId && row.Attempt == command.Attempt).ExecuteDeleteAsync(token);
            db.Judgements.Add(judgement);
            db.Evidence.AddRange(rows);
        };
    }

    /// <summary>The evidence of one attempt, or of the last one.</summary>
    /// <returns>Null when there is none, or none any more.</returns>
    public async Task<DeploymentEvidence?> FindAsync(Guid deployment, int? attempt, CancellationToken cancellationToken)
    {
        var oldest = clock.GetUtcNow() - options.Value.Ttl;
        var (judgement, rows) = await store.ReadAsync(async (db, token) =>
        {
            var found = await db.Judgements
                .Where(row => row.DeploymentId == deployment && (attempt == null || row.Attempt == attempt) && row.JudgedAt > oldest)
                .OrderByDescending(row => row.Attempt).FirstOrDefaultAsync(token);
            return found is null
                ? (null, [])
                : (found, await db.Evidence.Where(row => row.DeploymentId == deployment && row.Attempt == found.Attempt).OrderBy(row => row.Place).ToListAsync(token));
        }, cancellationToken);
        return judgement is null ? null : View(judgement, rows);
    }

    /// <summary>Deletes what is too old, then of the rest the oldest until it is within its size, a batch per transaction.</summary>
    /// <returns>How many judgements lost their evidence.</returns>
    public async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        var swept = 0;
        for (int last; (last = await store.WriteAsync(SweepBatchAsync, cancellationToken)) > 0;) swept += last;
        return swept;
    }

    private async Task<int> SweepBatchAsync(ServiceTransaction<ValidatorDbContext> transaction, CancellationToken cancellationToken)
    {
        var db = transaction.Db;
        var oldest = clock.GetUtcNow() - options.Value.Ttl;
        var over = await db.Judgements.SumAsync(row => row.Bytes, cancellationToken) - options.Value.MostBytes;
        var batch = await db.Judgements.OrderBy(row => row.JudgedAt).Take(options.Value.Batch).ToListAsync(cancellationToken);
        var deleted = 0;
        foreach (var judgement in batch.TakeWhile(row => row.JudgedAt <= oldest || over > 0))
        {
            over -= judgement.Bytes;
            await db.Evidence.Where(row => row.DeploymentId == judgement.DeploymentId && row.Attempt == judgement.Attempt).ExecuteDeleteAsync(cancellationToken);
            await db.Judgements.Where(row => row.DeploymentId == judgement.DeploymentId && row.Attempt == judgement.Attempt).ExecuteDeleteAsync(cancellationToken);
            deleted++;
        }

        return deleted;
    }

    private EvidenceRow Row(ValidateEnvironment command, GateEvidence gate, int place)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
            JsonSerializer.Serialize(gzip, gate.Within(options.Value.MostScores), EvidenceJson.Default.GateEvidence);
        return new() { DeploymentId = command.DeploymentId, Attempt = command.Attempt, Gate = gate.Gate, Place = place, Document = compressed.ToArray() };
    }

    private static GateEvidence Read(EvidenceRow row)
    {
        using var gzip = new GZipStream(new MemoryStream(row.Document), CompressionMode.Decompress);
        return JsonSerializer.Deserialize(gzip, EvidenceJson.Default.GateEvidence)!;
    }

    private static DeploymentEvidence View(JudgementRow judgement, IReadOnlyList<EvidenceRow> rows) => new()
    {
        DeploymentId = judgement.DeploymentId,
        Attempt = judgement.Attempt,
        Endpoint = judgement.Endpoint,
        EnvironmentId = judgement.EnvironmentId,
        Fingerprint = judgement.Fingerprint,
        JudgedAt = judgement.JudgedAt,
        Passed = judgement.Passed,
        Policy = JsonSerializer.Deserialize(judgement.Policy, EvidenceJson.Default.GatePolicy)!,
        PolicyHash = judgement.PolicyHash,
        Gates = [.. rows.Select(Read)],
    };
}
