using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace BlueGreen.Platform.Rehearsing;

/// <summary>Goes once through outbox, bus, inbox and work items of every service in the process. Means nothing.</summary>
public sealed record RehearsalRequested
{
    public required Guid RehearsalId { get; init; }
}

/// <summary>The outcome of a rehearsed work item; nobody listens.</summary>
public sealed record RehearsalDone
{
    public required Guid RehearsalId { get; init; }
}

/// <summary>
/// The first message through a fresh process costs a second of compilation. It shall not be somebody's promotion or alarm: the process
/// reports ready once each of its services has handled a rehearsal, or after <see cref="Patience"/> where the bus cannot be reached.
/// </summary>
internal sealed class Rehearsal(TimeProvider clock) : IHealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly long _started = clock.GetTimestamp();
    private readonly HashSet<Type> _waitingFor = [];
    private bool _begun;

    public Guid Id { get; } = Guid.CreateVersion7();

    /// <summary>True for the one caller that shall ask for the rehearsal.</summary>
    public bool TryBegin()
    {
        lock (_waitingFor) return !_begun && (_begun = true);
    }

    public void Expect(Type store)
    {
        lock (_waitingFor) _waitingFor.Add(store);
    }

    public void Handled(Type store)
    {
        lock (_waitingFor) _waitingFor.Remove(store);
    }

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        lock (_waitingFor)
        {
            return Task.FromResult(_waitingFor.Count == 0 || clock.GetElapsedTime(_started) > Patience
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy("The rehearsal has not been through yet."));
        }
    }
}
