using System.Net;
using System.Net.Sockets;

namespace BlueGreen.Chaos.Proxies;

/// <summary>A TCP proxy on loopback whose connections can be reset and slowed down.</summary>
internal sealed class FaultyProxy : IAsyncDisposable
{
    private const int BufferBytes = 64 * 1024;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly DnsEndPoint _target;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly HashSet<Socket> _open = [];
    private readonly Task _accepting;
    private long _delayTicks;

    public FaultyProxy(string host, int port, TimeProvider time)
    {
        (_target, _time) = (new DnsEndPoint(host, port), time);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Added to every piece of data, in either direction.</summary>
    public TimeSpan Delay
    {
        set => Interlocked.Exchange(ref _delayTicks, value.Ticks);
    }

    /// <summary>Resets every connection, as a router that lost its state does.</summary>
    public void Cut()
    {
        Socket[] open;
        lock (_open) open = [.. _open];
        foreach (var socket in open)
        {
            try
            {
                socket.LingerState = new LingerOption(true, 0);
                socket.Close();
            }
            catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
            {
                // It was closed in between.
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        Cut();
        await _accepting;
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = ServeAsync(await _listener.AcceptSocketAsync(_stop.Token));
        }
        catch (Exception stopped) when (stopped is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The proxy is being put away.
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
        using var own = client;
        lock (_open)
        {
            _open.Add(client);
            _open.Add(server);
        }

        try
        {
            client.NoDelay = server.NoDelay = true;
            await server.ConnectAsync(_target, _stop.Token);
            await Task.WhenAny(PumpAsync(client, server), PumpAsync(server, client));
        }
        catch (Exception broken) when (broken is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // Both ends see a closed connection.
        }
        finally
        {
            lock (_open)
            {
                _open.Remove(client);
                _open.Remove(server);
            }
        }
    }

    private async Task PumpAsync(Socket from, Socket to)
    {
        var buffer = new byte[BufferBytes];
        try
        {
            while (await from.ReceiveAsync(buffer, _stop.Token) is > 0 and var read)
            {
                if (Interlocked.Read(ref _delayTicks) is > 0 and var delay) await Task.Delay(new TimeSpan(delay), _time, _stop.Token);
                await SendAllAsync(to, buffer.AsMemory(0, read));
            }
        }
        catch (Exception broken) when (broken is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The other direction is ended with this one.
        }
    }

    private async Task SendAllAsync(Socket to, ReadOnlyMemory<byte> data)
    {
        while (data.Length > 0) data = data[await to.SendAsync(data, _stop.Token)..];
    }
}
