using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace BlueGreen.Platform.Persistence;

/// <summary>Ready means: the database answers.</summary>
internal sealed class StoreHealthCheck<TDb>(IServiceStore<TDb> store) : IHealthCheck where TDb : ServiceDbContext
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        await store.ReadAsync((db, token) => db.Database.CanConnectAsync(token), cancellationToken)
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy("The database does not answer.");
}
