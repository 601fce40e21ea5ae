using System.Collections.Concurrent;
using MassTransit;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client.Exceptions;

namespace BlueGreen.Platform.Messaging;

/// <summary>
/// Names the queues that the broker has with other arguments than this version declares (406): the service cannot consume from them until
/// somebody removes them, and tries again by itself.
/// </summary>
internal sealed class QueueConflicts(ILogger<QueueConflicts> log) : IReceiveEndpointObserver, IHealthCheck
{
    private const ushort PreconditionFailed = 406;
    private readonly ConcurrentDictionary<string, string> _conflicts = new();

    /// <summary>Queues that somebody has to remove.</summary>
    public IEnumerable<string> Queues => _conflicts.Keys;

    public Task Ready(ReceiveEndpointReady ready)
    {
        _conflicts.TryRemove(Name(ready.InputAddress), out _);
        return Task.CompletedTask;
    }

    public Task Faulted(ReceiveEndpointFaulted faulted)
    {
        if (Conflict(faulted.Exception) is not { } conflict) return Task.CompletedTask;
        var queue = Name(faulted.InputAddress);
        if (_conflicts.TryAdd(queue, conflict)) log.QueueConflicts(queue, conflict);
        return Task.CompletedTask;
    }

    public Task Stopping(ReceiveEndpointStopping stopping) => Task.CompletedTask;
    public Task Completed(ReceiveEndpointCompleted completed) => Task.CompletedTask;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(_conflicts.IsEmpty
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy(string.Join(" ", _conflicts.Select(conflict =>
                $"Queue {conflict.Key} exists with other arguments ({conflict.Value}): once it is empty, delete it; see docs/operations.md."))));

    private static string Name(Uri address) => address.Segments[^1];

    /// <summary>The broker's own words: they name the argument and both values.</summary>
    private static string? Conflict(Exception? exception) => exception switch
    {
        null => null,
        OperationInterruptedException { ShutdownReason: { ReplyCode: PreconditionFailed } reason } => reason.ReplyText,
        AggregateException several => several.InnerExceptions.Select(Conflict).FirstOrDefault(text => text is not null),
        _ => Conflict(exception.InnerException),
    };
}
