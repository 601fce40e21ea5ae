using System.Collections.Concurrent;
using MassTransit;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BlueGreen.Platform.Messaging;

/// <summary>
/// What outboxes are sent with: the process's bus, until it takes messages for some exchange and never has them confirmed although it says
/// that it is well; then a bus for sending alone, made anew. A transport of MassTransit whose connection was lost while it declared its
/// exchange waits for ever, and everybody who sends there waits with it: only a new transport helps, and a bus keeps the ones it has.
/// </summary>
internal sealed class DispatchBus(IBusControl bus, IOptions<BusOptions> options, TimeProvider clock, ILogger<DispatchBus> log)
    : IAsyncDisposable, IDisposable
{
    /// <summary>Longer than a broker takes to be restarted next to its clients, and than three sends that are waited for in full.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<Uri, DateTimeOffset> _unconfirmed = new();
    private readonly SemaphoreSlim _turn = new(1);
    private IBusControl? _own;

    public Task<ISendEndpoint> GetSendEndpointAsync(Uri destination) => (Volatile.Read(ref _own) ?? bus).GetSendEndpoint(destination);

    public void Confirmed(Uri destination) => _unconfirmed.TryRemove(destination, out _);

    public void Unconfirmed(Uri destination) => _unconfirmed.TryAdd(destination, clock.GetUtcNow());

    /// <summary>Sends on another bus from now on, if there is an exchange that has not confirmed anything for long.</summary>
    public async Task RenewIfStuckAsync(CancellationToken cancellationToken)
    {
        if (options.Value.IsEmbedded || _unconfirmed.IsEmpty) return;
        await _turn.WaitAsync(cancellationToken);
        try
        {
            // With the broker away there is nothing to be had from another connection; the time begins when it is back.
            if (bus.CheckHealth().Status == BusHealthStatus.Unhealthy) _unconfirmed.Clear();
            var horizon = clock.GetUtcNow() - Patience;
            if (_unconfirmed.FirstOrDefault(entry => entry.Value <= horizon).Key is not { } stuck) return;
            _unconfirmed.Clear();
            log.DispatchBusRenewed(stuck, Patience);
            await RenewAsync();
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _own, null) is { } own) await StopAsync(own);
        _turn.Dispose();
    }

    /// <summary>For containers that are put away in a hurry: the connection ends with the process.</summary>
    public void Dispose() => _turn.Dispose();

    private async Task RenewAsync()
    {
        var fresh = Bus.Factory.CreateUsingRabbitMq(rabbit => rabbit.Host(new Uri(options.Value.Host), options.Value.Configure));
        using var limit = new CancellationTokenSource(StartLimit, clock);
        try
        {
            await fresh.StartAsync(limit.Token);
        }
        catch (Exception exception)
        {
            log.DispatchBusNotStarted(exception);
            await StopAsync(fresh);
            return;
        }

        if (Interlocked.Exchange(ref _own, fresh) is { } former) await StopAsync(former);
    }

    private async Task StopAsync(IBusControl own)
    {
        using var limit = new CancellationTokenSource(StopLimit, clock);
        try
        {
            await own.StopAsync(limit.Token).WaitAsync(limit.Token);
        }
        catch (Exception exception)
        {
            // What could be stuck in it is why it is stopped.
            log.DispatchBusNotStopped(exception);
        }
    }
}
