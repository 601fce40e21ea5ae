using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace BlueGreen.Router.Tests.Support;

/// <summary>A server that answers with exactly the bytes that a test wants, and remembers what it was sent.</summary>
internal sealed class RawServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<RawCall, Task> _answer;
    private readonly Task _accepting;
    private int _connections;

    public RawServer(Func<RawCall, Task> answer)
    {
        _answer = answer;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");
    public ConcurrentQueue<string> Requests { get; } = [];
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Answers every request with these bytes.</summary>
    public static RawServer Saying(string answer) => new(call => call.SayAsync(answer));

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
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                open.Add(ServeAsync(client, Interlocked.Increment(ref _connections)));
            }
        }
        catch (Exception over) when (over is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(open);
        }
    }

    private async Task ServeAsync(TcpClient client, int connection)
    {
        using (client)
        {
            var stream = client.GetStream();
            try
            {
                while (await ReadAsync(stream) is { } request)
                {
                    Requests.Enqueue(request);
                    var call = new RawCall(request, connection, stream, client, _stop.Token);
                    await _answer(call);
                    if (call.IsHungUp) return;
                }
            }
            catch (Exception gone) when (gone is IOException or OperationCanceledException or ObjectDisposedException)
            {
                // Whoever asked is gone, or the test is over.
            }
        }
    }

    private async Task<string?> ReadAsync(NetworkStream stream)
    {
        var (text, buffer) = (new StringBuilder(), new byte[16 * 1024]);
        while (true)
        {
            var read = await stream.ReadAsync(buffer, _stop.Token);
            if (read == 0) return null;
            text.Append(Encoding.Latin1.GetString(buffer, 0, read));
            var all = text.ToString();
            var end = all.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end >= 0 && all.Length >= end + 4 + LengthOf(all[..end])) return all;
        }
    }

    private static int LengthOf(string head) => head.Split("\r\n")
        .Where(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
        .Select(line => int.Parse(line[15..], CultureInfo.InvariantCulture)).FirstOrDefault();
}

/// <summary>A request, and the way to answer it.</summary>
internal sealed class RawCall(string request, int connection, NetworkStream stream, TcpClient client, CancellationToken stop)
{
    public string Request { get; } = request;

    /// <summary>1 for the first connection.</summary>
    public int Connection { get; } = connection;
    public bool IsHungUp { get; private set; }
    public CancellationToken Stop { get; } = stop;

    public Task SayAsync(string text) => stream.WriteAsync(Encoding.Latin1.GetBytes(text), Stop).AsTask();

    public void HangUp()
    {
        IsHungUp = true;
        client.Close();
    }

    /// <returns>When the other side has closed the connection.</returns>
    public async Task UntilGoneAsync()
    {
        try
        {
            while (await stream.ReadAsync(new byte[1], Stop) > 0)
            {
                // Whatever still comes does not matter.
            }
        }
        catch (IOException)
        {
            // Gone, and not politely.
        }
    }
}
