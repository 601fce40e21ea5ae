using BlueGreen.Contracts;
using BlueGreen.EnvManager.Artifacts;
using BlueGreen.EnvManager.Persistence;
using BlueGreen.Platform.Persistence;
using Microsoft.EntityFrameworkCore;

namespace BlueGreen.EnvManager.Provisioning;

/// <summary>
/// The artifact of an environment. Where the registry promised no digest, the one of the bytes that were fetched first is stored with the
/// environment before anything is started from them: every later attempt and every replica is of these very bytes.
/// </summary>
internal sealed class ArtifactPin(ArtifactStore artifacts, IServiceStore<EnvManagerDbContext> store)
{
    /// <summary>The command with the digest in it, and the file; the command as it was when there is none.</summary>
    public async Task<(ProvisionEnvironment Command, ArtifactOutcome Outcome)> GetAsync(
        ProvisionEnvironment command, CancellationToken cancellationToken)
    {
        if (command.Artifact.Sha256.Length > 0) return (command, await artifacts.GetAsync(command.Artifact, command.Template.Command, cancellationToken));
        var known = await store.ReadAsync((db, token) => db.Environments
            .Where(row => row.Id == command.EnvironmentId).Select(row => row.ArtifactSha256).SingleAsync(token), cancellationToken);
        var outcome = await artifacts.GetAsync(command.Artifact with { Sha256 = known }, command.Template.Command, cancellationToken);
        if (outcome.Sha256 is not { } digest) return (command, outcome);
        var pinned = command with { Artifact = command.Artifact with { Sha256 = digest } };
        if (known.Length == 0) await StoreAsync(pinned, cancellationToken);
        return (pinned, outcome);
    }

    private Task<bool> StoreAsync(ProvisionEnvironment pinned, CancellationToken cancellationToken) => store.WriteAsync(async (transaction, token) =>
    {
        var environment = await transaction.Db.Environments.SingleAsync(row => row.Id == pinned.EnvironmentId, token);
        environment.Pin(pinned.Artifact, pinned.Template);
        return true;
    }, cancellationToken);
}
