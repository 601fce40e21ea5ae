using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace BlueGreen.Router.Direct;

/// <summary>
/// An HTTP/1.1 connection to a replica. A read is always waiting on it, also while it is idle: a server that hangs up, or says something
/// that nobody asked for, is noticed before the next request is entrusted to it, and without a system call of its own.
/// </summary>
internal sealed class UpstreamConnection : IDisposable
{
    private const int BufferBytes = 16 * 1024;
    private const int MostHeadBytes = 64 * 1024;
    private const long PhaseBits = 3;
    private const long Idle = 0;
    private const long Leased = 1;
    private const long Cut = 2;
    private const long Silent = 3;

    private readonly Socket _socket;
    private byte[] _buffer = NewBuffer();
    private int _start;
    private int _end;
    private ValueTask<int> _receiving;
    private bool _isReceiving;

    /// <summary>Number of the lease, and in the lowest bits what became of it: so that nobody cuts off the next one by mistake.</summary>
    private long _lease = Leased;
    private long _waitingSince = long.MaxValue;
    private long _longestWait = long.MaxValue;
    private long _idleSince;

    private UpstreamConnection(Socket socket) => _socket = socket;

    public AnswerHead Head { get; } = new();

    /// <summary>Whether any byte of the answer has come.</summary>
    public bool HasAnswered { get; private set; }
    public bool IsSilent => (Volatile.Read(ref _lease) & PhaseBits) == Silent;
    public bool IsClosed => (Volatile.Read(ref _lease) & PhaseBits) is Cut or Silent;
    public Memory<byte> Received => _buffer.AsMemory(_start, _end - _start);

    /// <summary>Connected and leased.</summary>
    /// <exception cref="SocketException">Nobody listens there.</exception>
    public static async ValueTask<UpstreamConnection> ConnectAsync(System.Net.EndPoint to, CancellationToken cancellationToken)
    {
        var socket = to is System.Net.IPEndPoint ip
            ? new Socket(ip.AddressFamily, SocketType.Stream, ProtocolType.Tcp)
            : new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.NoDelay = true;
            await socket.ConnectAsync(to, cancellationToken);
            return new UpstreamConnection(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Begins a request on an idle connection.</summary>
    /// <param name="now">The clock's timestamp.</param>
    /// <param name="longest">How long it may have been idle.</param>
    /// <returns>False: it is closed, or has said something unasked, or is to be closed.</returns>
    public bool TryLease(long now, long longest)
    {
        var lease = Volatile.Read(ref _lease);
        if ((lease & PhaseBits) != Idle || _receiving.IsCompleted || now - Volatile.Read(ref _idleSince) >= longest) return false;
        if (Interlocked.CompareExchange(ref _lease, lease + PhaseBits + 1 + Leased, lease) != lease) return false;
        HasAnswered = false;
        return true;
    }

    /// <summary>From now on the server may be silent for so long.</summary>
    public void Expect(SilenceLimit limit)
    {
        Volatile.Write(ref _longestWait, limit.Ticks);
        Volatile.Write(ref _waitingSince, limit.Clock.GetTimestamp());
    }

    /// <summary>The server need not say anything now: it is the client's turn.</summary>
    public void ExpectNothing() => Volatile.Write(ref _waitingSince, long.MaxValue);

    /// <summary>Closes it when its server has been silent for too long. May be called at any time.</summary>
    public void CloseIfSilent(long now)
    {
        var lease = Volatile.Read(ref _lease);
        var since = Volatile.Read(ref _waitingSince);
        if ((lease & PhaseBits) == Leased && now > since && now - since > Volatile.Read(ref _longestWait)) End(lease, Silent);
    }

    /// <summary>Closes it if nobody uses it, and has not for a while or never can again.</summary>
    /// <param name="now">The clock's timestamp.</param>
    /// <param name="longest">How long it may be idle.</param>
    /// <returns>True when it is closed.</returns>
    public bool CloseIfIdle(long now, long longest)
    {
        var lease = Volatile.Read(ref _lease);
        if ((lease & PhaseBits) == Idle && (now - Volatile.Read(ref _idleSince) >= longest || _receiving.IsCompleted)) End(lease, Cut);
        return IsClosed;
    }

    /// <summary>Closes it under the request that has it; only whoever knows that the request is not over may call this.</summary>
    public void CutOff()
    {
        var lease = Volatile.Read(ref _lease);
        if ((lease & PhaseBits) == Leased) End(lease, Cut);
    }

    /// <param name="now">The clock's timestamp.</param>
    /// <returns>True when it can be used again; else it is closed.</returns>
    public bool TryRelease(long now)
    {
        Volatile.Write(ref _idleSince, now);
        // Or the next request would be found silent since this one.
        ExpectNothing();
        if (_start == _end && !_isReceiving)
        {
            (_start, _end) = (0, 0);
            if (_buffer.Length > BufferBytes) _buffer = NewBuffer();
            if (TryReceive() && !_receiving.IsCompleted)
            {
                var lease = Volatile.Read(ref _lease);
                if ((lease & PhaseBits) == Leased && Interlocked.CompareExchange(ref _lease, lease & ~PhaseBits, lease) == lease) return true;
            }
        }

        Dispose();
        return false;
    }

    /// <summary>Sends all of it.</summary>
    /// <returns>False: it could not be; the server may have answered all the same.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> TrySendAsync(ReadOnlyMemory<byte> bytes)
    {
        if (!_isReceiving && !TryReceive()) return false;
        try
        {
            await _socket.SendAsync(bytes, SocketFlags.None);
            return true;
        }
        catch (Exception fault) when (fault is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }

    /// <summary>Waits for more than <see cref="Received"/>.</summary>
    /// <returns>False: the server has closed the connection.</returns>
    /// <exception cref="InvalidDataException">What must be read as one piece is too large.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> ReceiveAsync()
    {
        if (!_isReceiving)
        {
            MakeRoom();
            if (!TryReceive()) return false;
        }

        _isReceiving = false;
        var received = await _receiving;
        if (received == 0) return false;
        HasAnswered = true;
        _end += received;
        return true;
    }

    public void Take(int bytes)
    {
        _start += bytes;
        if (_start == _end) (_start, _end) = (0, 0);
    }

    public void Dispose()
    {
        var lease = Volatile.Read(ref _lease);
        if ((lease & PhaseBits) is Idle or Leased) End(lease, Cut);
        _socket.Dispose();
    }

    private bool End(long lease, long how)
    {
        if (Interlocked.CompareExchange(ref _lease, (lease & ~PhaseBits) | how, lease) != lease) return false;
        _socket.Dispose();
        return true;
    }

    /// <summary>The system reads into it for as long as the connection lives: it stays where it is.</summary>
    private static byte[] NewBuffer() => GC.AllocateUninitializedArray<byte>(BufferBytes, pinned: true);

    private bool TryReceive()
    {
        try
        {
#pragma warning disable CA2012 // It is awaited once, by whoever reads next: that is what lets it wait while nobody has the connection.
            _receiving = _socket.ReceiveAsync(_buffer.AsMemory(_end), SocketFlags.None);
#pragma warning restore CA2012
            return _isReceiving = true;
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }

    private void MakeRoom()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end < _buffer.Length) return;
        if (_buffer.Length >= MostHeadBytes) throw new InvalidDataException("The answer's head is too long.");
        Array.Resize(ref _buffer, _buffer.Length * 2);
    }
}
