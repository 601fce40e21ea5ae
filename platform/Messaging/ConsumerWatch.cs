using MassTransit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BlueGreen.Platform.Messaging;

/// <summary>
/// Sees from outside whether this process's queues are consumed. A transport that has lost its connection in the middle of something may
/// wait for ever and take itself for well; the process is then in good health, and deaf. Whatever the reason: where the broker answers,
/// and a queue had no consumer for <see cref="BusOptions.ConsumerPatience"/>, the bus is stopped and started. A bus that does not even
/// stop, or stays deaf, is left to the supervisor: the process ends, unless clients' requests go through it.
/// </summary>
internal sealed class ConsumerWatch(
    IBusControl bus, OwnQueues queues, QueueConflicts conflicts, BrokerView broker, IOptions<BusOptions> options, ProcessRole role,
    IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<ConsumerWatch> log) : BackgroundService
{
    /// <summary>EX_SOFTWARE of sysexits.h.</summary>
    private const int ExitCode = 70;
    private const int Restarts = 3;
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(25);
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly Dictionary<string, long> _deafSince = [];
    private int _restarts;

    /// <summary>Twice as long after each restart that did not help.</summary>
    private TimeSpan Patience => options.Value.ConsumerPatience * (1 << _restarts);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value.IsEmbedded) return;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(options.Value.ConsumerPatience / 6, clock, stoppingToken);
                if (await FindLateAsync(stoppingToken) is { Length: > 0 } late) await HelpAsync(late, stoppingToken);
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
        limit.CancelAfter(options.Value.ConsumerPatience);
        // What the broker has with other arguments is for an operator to mend, and is said elsewhere.
        var own = queues.Names.Except(conflicts.Queues).ToList();
        var deaf = (await broker.WithoutConsumerAsync(own, limit.Token)).Union(queues.Lost.Intersect(own)).ToHashSet();
        if (deaf.Count == 0) _restarts = 0;
        foreach (var heard in _deafSince.Keys.Except(deaf).ToList()) _deafSince.Remove(heard);
        foreach (var queue in deaf) _deafSince.TryAdd(queue, clock.GetTimestamp());
        return [.. _deafSince.Where(entry => clock.GetElapsedTime(entry.Value) >= Patience).Select(entry => entry.Key)];
    }

    private async Task HelpAsync(string[] late, CancellationToken cancellationToken)
    {
        log.QueuesNotConsumed(string.Join(", ", late), Patience);
        _deafSince.Clear();
        if (++_restarts > Restarts || !await TryStopAsync(cancellationToken))
        {
            _restarts = Restarts;
            GiveUp();
            return;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StartLimit);
        try
        {
            await bus.StartAsync(limit.Token);
            log.BusRestarted();
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            log.BusNotRestarted(failure);
        }
    }

    private async Task<bool> TryStopAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StopLimit);
        try
        {
            await bus.StopAsync(limit.Token).WaitAsync(limit.Token);
            return true;
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            log.BusNotStopped(failure);
            return false;
        }
    }

    private void GiveUp()
    {
        log.BusGivenUp(role.CarriesRequests ? "it goes on serving requests, and should be restarted" : "the process ends, to be started again");
        if (role.CarriesRequests) return;
        Environment.ExitCode = ExitCode;
        lifetime.StopApplication();
    }
}

/// <summary>What a process is there for.</summary>
/// <param name="CarriesRequests">Whether clients' requests go through it.</param>
internal sealed record ProcessRole(bool CarriesRequests);
