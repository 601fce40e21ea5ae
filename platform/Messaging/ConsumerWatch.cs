using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BlueGreen.Platform.Messaging;

/// <summary>
/// Sees from outside whether this process's queues are consumed. A transport that has lost its connection in the middle of something may
/// wait for ever and take itself for well; the process is then in good health, and deaf. Whatever the reason: where the broker answers,
/// and a queue had no consumer for <see cref="BusOptions.ConsumerPatience"/>, the process ends, for its supervisor to start it again. It
/// has lost nothing then: what was not acknowledged is delivered again. MassTransit's own stop and start would not do: a receive endpoint
/// that is stopped while it is faulted is not started again. A process that clients' requests go through stays, and says so.
/// </summary>
internal sealed class ConsumerWatch(
    OwnQueues queues, QueueConflicts conflicts, BrokerView broker, IOptions<BusOptions> options, ProcessRole role,
    IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<ConsumerWatch> log) : BackgroundService
{
    /// <summary>EX_SOFTWARE of sysexits.h.</summary>
    private const int ExitCode = 70;
    private const int LooksPerPatience = 6;

    /// <summary>Of an orderly end. What waits for ever may do so in its stop too.</summary>
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(45);

    private readonly Dictionary<string, long> _deafSince = [];

    private TimeSpan Patience => options.Value.ConsumerPatience;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value.IsEmbedded) return;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(Patience / LooksPerPatience, clock, stoppingToken);
                if (await FindLateAsync(stoppingToken) is { Length: > 0 } late) GiveUp(late);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception away)
            {
                // Without a broker there is nothing to consume from; the time begins when it is back.
                _deafSince.Clear();
                log.BrokerNotAsked(away.Message);
            }
        }
    }

    /// <summary>Queues that should have had a consumer long ago.</summary>
    private async Task<string[]> FindLateAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        // What the broker has with other arguments is for an operator to mend, and is said elsewhere.
        var own = queues.Names.Except(conflicts.Queues).ToList();
        var deaf = (await broker.WithoutConsumerAsync(own, limit.Token)).Union(queues.Lost.Intersect(own)).ToHashSet();
        foreach (var heard in _deafSince.Keys.Except(deaf).ToList()) _deafSince.Remove(heard);
        foreach (var queue in deaf) _deafSince.TryAdd(queue, clock.GetTimestamp());
        return [.. _deafSince.Where(entry => clock.GetElapsedTime(entry.Value) >= Patience).Select(entry => entry.Key)];
    }

    private void GiveUp(string[] late)
    {
        _deafSince.Clear();
        var consequence = role.CarriesRequests ? "it goes on serving requests, and should be restarted" : "the process ends, to be started again";
        log.QueuesNotConsumed(string.Join(", ", late), Patience, consequence);
        if (role.CarriesRequests) return;
        Environment.ExitCode = ExitCode;
        lifetime.StopApplication();
        // Not waited for: the host's stop waits for this service.
        _ = EndByForceAsync();
    }

    private async Task EndByForceAsync()
    {
        await Task.Delay(StopLimit, clock, lifetime.ApplicationStopped).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!lifetime.ApplicationStopped.IsCancellationRequested) Environment.Exit(ExitCode);
    }
}

/// <summary>What a process is there for.</summary>
/// <param name="CarriesRequests">Whether clients' requests go through it.</param>
internal sealed record ProcessRole(bool CarriesRequests);
