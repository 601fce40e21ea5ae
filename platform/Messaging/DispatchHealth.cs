using BlueGreen.Platform.Persistence;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace BlueGreen.Platform.Messaging;

/// <summary>
/// Says that the broker takes no messages: away, or blocking its publishers (memory or disk alarm). Degraded, not unhealthy: what the
/// service decides is stored, and is sent when the broker goes on.
/// </summary>
internal sealed class DispatchHealth<TDb> : IHealthCheck where TDb : ServiceDbContext
{
    private volatile Standstill? _standstill;

    public void Confirmed() => _standstill = null;

    public void NothingConfirmed(DateTimeOffset now, string error) => _standstill = new Standstill(_standstill?.Since ?? now, error);

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(_standstill is { } standstill
            ? HealthCheckResult.Degraded(
                $"The broker has confirmed nothing since {standstill.Since:u}; messages wait in the outbox. {standstill.Error}")
            : HealthCheckResult.Healthy());

    private sealed record Standstill(DateTimeOffset Since, string Error);
}
