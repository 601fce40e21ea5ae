using BlueGreen.EnvManager.Artifacts;
using BlueGreen.EnvManager.Drivers;
using BlueGreen.EnvManager.Environments;
using BlueGreen.EnvManager.Persistence;
using BlueGreen.Platform.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BlueGreen.EnvManager.Reaping;

/// <summary>One round of keeping the disk from filling up: logs over their limit, artifacts and evidence past their time.</summary>
internal sealed class DiskSweep(
    IServiceStore<EnvManagerDbContext> store,
    ArtifactStore artifacts,
    DriverCatalog drivers,
    DataFolders folders,
    IOptions<EnvManagerOptions> options,
    TimeProvider time)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var existing = await store.ReadAsync((db, token) => db.Environments
            .Where(row => row.State != EnvironmentState.Decommissioned).ToListAsync(token), cancellationToken);
        foreach (var environment in existing) drivers.Of(environment)?.TrimLogs(environment.Id);
        await DropEvidenceAsync(now - options.Value.EvidenceRetention, cancellationToken);
        await artifacts.EvictAsync(
            existing.Select(row => row.ArtifactSha256).ToHashSet(), now - options.Value.ArtifactRetention, cancellationToken);
    }

    private async Task DropEvidenceAsync(DateTimeOffset endedBefore, CancellationToken cancellationToken)
    {
        var kept = folders.KeptEnvironments();
        if (kept.Count == 0) return;
        var over = await store.ReadAsync((db, token) => db.Environments
            .Where(row => kept.Contains(row.Id) && row.EndedAt != null && row.EndedAt < endedBefore)
            .Select(row => row.Id).ToListAsync(token), cancellationToken);
        foreach (var id in over) Directory.Delete(folders.PathOf(id), recursive: true);
    }
}
