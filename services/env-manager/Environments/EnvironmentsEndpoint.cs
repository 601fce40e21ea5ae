using BlueGreen.EnvManager.Persistence;
using BlueGreen.EnvManager.Provisioning;
using BlueGreen.Platform.Persistence;
using Microsoft.EntityFrameworkCore;

namespace BlueGreen.EnvManager.Environments;

/// <summary><c>GET /api/v1/environments</c>: newest first; those that are gone only among the newest 200.</summary>
internal static class EnvironmentsEndpoint
{
    private const int EndedLimit = 200;

    public static async Task<IReadOnlyList<EnvironmentView>> ListAsync(
        string? endpoint, IServiceStore<EnvManagerDbContext> store, ReplicaAddresses addresses, CancellationToken cancellationToken)
    {
        return await store.ReadAsync(async (db, token) =>
        {
            var wanted = db.Environments.Where(row => row.Endpoint != "" && (endpoint == null || row.Endpoint == endpoint));
            var rows = await wanted.Where(row => row.State != EnvironmentState.Decommissioned).ToListAsync(token);
            rows.AddRange(await wanted.Where(row => row.State == EnvironmentState.Decommissioned)
                .OrderByDescending(row => row.CreatedAt).Take(EndedLimit).ToListAsync(token));
            var ids = rows.Select(row => row.Id).ToList();
            var replicas = (await db.Replicas.Where(row => ids.Contains(row.EnvironmentId)).ToListAsync(token))
                .ToLookup(row => row.EnvironmentId);
            var routes = await db.Routes.ToDictionaryAsync(row => row.Endpoint, token);
            return rows.OrderByDescending(row => row.CreatedAt)
                .Select(row => View(row, replicas[row.Id], routes.GetValueOrDefault(row.Endpoint), addresses)).ToList();
        }, cancellationToken);
    }

    private static EnvironmentView View(
        ServingEnvironment row, IEnumerable<ServingReplica> replicas, EndpointRoute? route, ReplicaAddresses addresses) => new()
        {
            Id = row.Id,
            DeploymentId = row.DeploymentId,
            Endpoint = row.Endpoint,
            Model = row.Model,
            Version = row.Version,
            State = row.State.ToString(),
            Role = (route?.RoleOf(row.Id) ?? EnvironmentRole.None).ToString(),
            Fingerprint = row.Fingerprint,
            CreatedAt = row.CreatedAt,
            Replicas = [.. replicas.OrderBy(replica => replica.Index).Select(replica => new ReplicaView
        {
            Index = replica.Index,
            Address = addresses.Of(replica.Port),
            ProcessId = replica.ProcessId,
            Ready = replica.Ready,
            Restarts = replica.Restarts,
        })],
            ExpiresAt = row.ExpiresAt,
            CostPerHour = row.ReadTemplate().CostPerHour,
            Reason = row.Reason,
            EndedAt = row.EndedAt,
        };
}
