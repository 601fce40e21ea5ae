using System.Threading.Channels;

namespace BlueGreen.Platform.Persistence;

/// <summary>Wakes a service's own background loops after its own commits; the polls behind it are for other processes' commits.</summary>
internal sealed class ServiceSignals<TDb> where TDb : ServiceDbContext
{
    public WakeSignal Outbox { get; } = new();
    public WakeSignal Work { get; } = new();

    public void Committed(TDb db)
    {
        if (db.WroteOutbox) Outbox.Wake();
        var waits = false;
        foreach (var request in db.Work) waits |= !request.TryStart();
        db.Work.Clear();
        if (waits) Work.Wake();
    }
}

/// <summary>An auto-reset event that can be awaited with a limit; wakes that come while nobody waits are kept, as one.</summary>
internal sealed class WakeSignal
{
    private readonly Channel<bool> _wakes = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Wake() => _wakes.Writer.TryWrite(true);

    public async Task WaitAsync(TimeSpan limit, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (limit <= TimeSpan.Zero || _wakes.Reader.TryRead(out _)) return;
        using var timeout = new CancellationTokenSource(limit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            await _wakes.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The limit: time for the poll behind the signal.
        }
    }
}
