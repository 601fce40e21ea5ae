using System.Net;
using System.Net.Sockets;

namespace BlueGreen.Router.Direct;

/// <summary>The connections to one replica. The one that was used last is used next, so that the others grow old and are closed.</summary>
internal sealed class UpstreamPool(Uri address)
{
    private readonly Lock _gate = new();
    private readonly List<UpstreamConnection> _idle = [];
    private readonly List<UpstreamConnection> _all = [];
    private readonly EndPoint _to = IPAddress.TryParse(address.IdnHost.Trim('[', ']'), out var ip)
        ? new IPEndPoint(ip, address.Port)
        : new DnsEndPoint(address.IdnHost, address.Port);

    /// <summary>Connections, those in use included; closed ones until the next sweep.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _all.Count;
        }
    }

    /// <returns>A leased connection that was well when it was last heard of; null: there is none.</returns>
    public UpstreamConnection? TryTake(long now, long longestIdle)
    {
        // Only under the gate a connection ceases to be idle.
        lock (_gate)
        {
            while (_idle.Count > 0)
            {
                var connection = _idle[^1];
                _idle.RemoveAt(_idle.Count - 1);
                if (connection.TryLease(now, longestIdle)) return connection;
                connection.Dispose();
            }
        }

        return null;
    }

    /// <exception cref="SocketException">Nobody listens there.</exception>
    public async ValueTask<UpstreamConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        var connection = await UpstreamConnection.ConnectAsync(_to, cancellationToken);
        lock (_gate) _all.Add(connection);
        return connection;
    }

    public void Return(UpstreamConnection connection, long now)
    {
        if (!connection.TryRelease(now)) return;
        lock (_gate) _idle.Add(connection);
    }

    /// <summary>Closes what has been silent or idle for too long and forgets what is closed.</summary>
    public void Sweep(long now, long longestIdle)
    {
        lock (_gate)
        {
            foreach (var connection in _all) connection.CloseIfSilent(now);
            _all.RemoveAll(connection => connection.CloseIfIdle(now, longestIdle));
            _idle.RemoveAll(connection => connection.IsClosed);
        }
    }
}
