using System.Threading.Channels;

namespace BlueGreen.Router.Capture;

/// <summary>Captured requests on their way to the database: few, and when the database is slow the newest are dropped.</summary>
internal sealed class CaptureQueue
{
    private const int Places = 256;

    private readonly Channel<CapturedExchange> _channel = Channel.CreateBounded<CapturedExchange>(
        new BoundedChannelOptions(Places) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    public void Offer(CapturedExchange exchange) => _channel.Writer.TryWrite(exchange);

    /// <summary>Waits for the first and takes what else is there.</summary>
    public async Task<IReadOnlyList<CapturedExchange>> TakeAsync(CancellationToken cancellationToken)
    {
        await _channel.Reader.WaitToReadAsync(cancellationToken);
        var taken = new List<CapturedExchange>();
        while (_channel.Reader.TryRead(out var exchange)) taken.Add(exchange);
        return taken;
    }
}
