using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace BlueGreen.Router.Tests.Support;

/// <summary>How a gRPC server says that it has not begun with a call.</summary>
public enum Refusal
{
    /// <summary>RST_STREAM with REFUSED_STREAM.</summary>
    Stream,

    /// <summary>GOAWAY whose last stream is before it; the next connection is answered.</summary>
    Goodbye,
}

/// <summary>Refuses whole calls that it has read, and answers the others with their own message.</summary>
internal sealed class RefusingServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Refusal _refusal;
    private readonly Task _accepting;
    private int _refused;

    public RefusingServer(Refusal refusal)
    {
        _refusal = refusal;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");
    public int Refused => Volatile.Read(ref _refused);

    /// <summary>Bodies of calls that were answered.</summary>
    public ConcurrentQueue<byte[]> Answered { get; } = [];

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var open = new List<Task>();
        try
        {
            while (true) open.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token), isFirst: open.Count == 0));
        }
        catch (Exception over) when (over is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(open);
        }
    }

    private async Task ServeAsync(TcpClient client, bool isFirst)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                await stream.ReadExactlyAsync(new byte[Http2Wire.Preface.Length], _stop.Token);
                var wire = new Http2Wire(stream);
                await wire.WriteAsync(Http2Wire.Settings, 0, 0, Array.Empty<byte>(), _stop.Token);
                await ServeAsync(wire, isRefusing: isFirst || _refusal == Refusal.Stream);
            }
            catch (Exception gone) when (gone is IOException or OperationCanceledException or ObjectDisposedException)
            {
                // Whoever asked is gone, or the test is over.
            }
        }
    }

    private async Task ServeAsync(Http2Wire wire, bool isRefusing)
    {
        var bodies = new Dictionary<int, List<byte>>();
        while (await wire.ReadAsync(_stop.Token) is { } frame)
        {
            if (frame.Type == Http2Wire.Headers) bodies[frame.Stream] = [];
            if (frame.Type == Http2Wire.Data) bodies[frame.Stream].AddRange(frame.Payload);
            if (!frame.EndsStream) continue;
            if (!isRefusing)
            {
                await AnswerAsync(wire, frame.Stream, [.. bodies[frame.Stream]]);
                continue;
            }

            Interlocked.Increment(ref _refused);
            if (_refusal == Refusal.Stream)
            {
                await wire.WriteAsync(Http2Wire.Reset, 0, frame.Stream, Http2Wire.Number(Http2Wire.RefusedStream), _stop.Token);
                continue;
            }

            await wire.WriteAsync(Http2Wire.GoAway, 0, 0, new byte[8], _stop.Token);
            return;
        }
    }

    private async Task AnswerAsync(Http2Wire wire, int stream, byte[] body)
    {
        Answered.Enqueue(body);
        await wire.WriteAsync(
            Http2Wire.Headers, Http2Wire.EndHeaders, stream, Http2Wire.Block((":status", "200"), ("content-type", "application/grpc")), _stop.Token);
        await wire.WriteAsync(Http2Wire.Data, 0, stream, body, _stop.Token);
        await wire.WriteAsync(
            Http2Wire.Headers, Http2Wire.EndHeaders | Http2Wire.EndStream, stream, Http2Wire.Block(("grpc-status", "0")), _stop.Token);
    }
}
