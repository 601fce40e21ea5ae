using BlueGreen.Orchestrator.Persistence;
using BlueGreen.Orchestrator.Policies;
using BlueGreen.Platform.Persistence;
using Microsoft.EntityFrameworkCore;

namespace BlueGreen.Orchestrator.Endpoints;

/// <summary>Stores policies and tells the other services, in one transaction.</summary>
internal sealed class EndpointStore(IServiceStore<OrchestratorDbContext> store, TimeProvider clock)
{
    /// <summary>
    /// Stores a parsed policy. The same policy again changes nothing; a conflict with another endpoint or a missing blob changes nothing
    /// either, and is in the answer.
    /// </summary>
    /// <param name="text">As its author wrote it.</param>
    /// <param name="parsed">A result that has a policy.</param>
    /// <param name="dryRun">Check against what is stored, and store nothing.</param>
    /// <param name="cancellationToken">Cancels the transaction.</param>
    public Task<EndpointApplied> ApplyAsync(string text, PolicyParseResult parsed, bool dryRun, CancellationToken cancellationToken) =>
        store.WriteAsync(async (transaction, token) =>
        {
            var policy = parsed.Policy!;
            var db = transaction.Db;
            await db.LockConfigurationAsync(token);
            if (await FindProblemAsync(db, parsed, dryRun, token) is { } problem) return EndpointApplied.Refused(problem);

            var json = PolicyJson.Write(policy);
            var hash = PolicyJson.Hash(json);
            var row = await db.Endpoints.SingleOrDefaultAsync(endpoint => endpoint.Name == policy.Name, token);
            if (row?.PolicyHash == hash) return new EndpointApplied(policy.Name, hash, row.Revision, EndpointChange.None);
            var revision = (row?.Revision ?? 0) + 1;
            var applied = new EndpointApplied(policy.Name, hash, revision, row is null ? EndpointChange.Created : EndpointChange.Updated);
            if (dryRun) return applied;

            Write(db, row, policy.Name, text, json, applied, policy.Route.Path);
            await transaction.PublishAsync(policy.ToEndpointConfigured(hash, revision), token);
            return applied;
        }, cancellationToken);

    public Task<List<EndpointRow>> ListAsync(CancellationToken cancellationToken) => store.ReadAsync(
        (db, token) => db.Endpoints.OrderBy(row => row.Name).ToListAsync(token), cancellationToken);

    public Task<EndpointRow?> FindAsync(string name, CancellationToken cancellationToken) => store.ReadAsync(
        (db, token) => db.Endpoints.SingleOrDefaultAsync(row => row.Name == name, token), cancellationToken);

    private void Write(
        OrchestratorDbContext db, EndpointRow? row, string name, string text, string json, EndpointApplied applied, string path)
    {
        var now = clock.GetUtcNow();
        if (row is null)
        {
            db.Endpoints.Add(new EndpointRow
            {
                Name = name,
                PolicyText = text,
                PolicyJson = json,
                PolicyHash = applied.PolicyHash,
                Revision = applied.Revision,
                Path = path,
                UpdatedAt = now,
            });
            return;
        }

        (row.PolicyText, row.PolicyJson, row.PolicyHash) = (text, json, applied.PolicyHash);
        (row.Revision, row.Path, row.UpdatedAt) = (applied.Revision, path, now);
    }

    private static async Task<PolicyError?> FindProblemAsync(
        OrchestratorDbContext db, PolicyParseResult parsed, bool dryRun, CancellationToken token)
    {
        var policy = parsed.Policy!;
        var others = await db.Endpoints.AsNoTracking().Where(row => row.Name != policy.Name)
            .Select(row => new { row.Name, row.Path }).ToListAsync(token);
        if (others.Find(other => Overlap(other.Path, policy.Route.Path)) is { } taken)
            return parsed.ErrorAt(
                "spec.route.path",
                $"The path {policy.Route.Path} overlaps with {taken.Path} of the endpoint '{taken.Name}': a request could mean either.");

        // Whoever only validates has not uploaded anything yet.
        if (dryRun) return null;
        var digests = parsed.Files.Select(file => file.Blob.Sha256).ToList();
        var stored = await db.Blobs.Where(row => digests.Contains(row.Sha256)).Select(row => row.Sha256).ToListAsync(token);
        var missing = parsed.Files.FirstOrDefault(file => !stored.Contains(file.Blob.Sha256));
        return missing is null ? null : parsed.ErrorAt(
            missing.Field,
            $"There is no blob {missing.Blob.Sha256}: upload it first (PUT /api/v1/blobs/{missing.Blob.Sha256}).");
    }

    /// <summary>One is the other or lies below it. Paths are matched without regard to case.</summary>
    private static bool Overlap(string left, string right) =>
        $"{left}/".StartsWith($"{right}/", StringComparison.OrdinalIgnoreCase)
        || $"{right}/".StartsWith($"{left}/", StringComparison.OrdinalIgnoreCase);
}
