using System.Buffers;

namespace BlueGreen.Router.Proxy;

/// <summary>
/// The body of an HTTP/2 request on its way to a replica, of which the beginning is kept until the answer begins: when the replica turns out to
/// have processed nothing of the request, another can have it whole.
/// </summary>
internal sealed class RewindableBody : ReadingStream
{
    /// <summary>Of a longer one nothing is kept.</summary>
    public const int MostBytes = 64 * 1024;

    private const int FirstRent = 1024;
    private readonly HttpContext _context;
    private readonly Stream _inner;
    private byte[] _kept = [];
    private int _length;
    private int _position;
    private bool _isLost;

    /// <summary>Takes the place of the request's body, until it is disposed.</summary>
    public RewindableBody(HttpContext context)
    {
        (_context, _inner) = (context, context.Request.Body);
        context.Request.Body = this;
    }

    /// <returns>False: it cannot be read from its beginning any longer.</returns>
    public bool TryRewind()
    {
        if (_isLost) return false;
        _position = 0;
        return true;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_position < _length)
        {
            var again = Math.Min(buffer.Length, _length - _position);
            _kept.AsMemory(_position, again).CopyTo(buffer);
            _position += again;
            return again;
        }

        var read = await _inner.ReadAsync(buffer, cancellationToken);
        Keep(buffer.Span[..read]);
        return read;
    }

    /// <summary>Gives the memory back; the inner stream is its request's.</summary>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _context.Request.Body = _inner;
            Lose();
        }

        base.Dispose(disposing);
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        if (_isLost || bytes.IsEmpty) return;
        // Whoever has begun to answer has begun to process.
        if (_length + bytes.Length > MostBytes || _context.Response.HasStarted)
        {
            Lose();
            return;
        }

        if (_length + bytes.Length > _kept.Length) Grow(_length + bytes.Length);
        bytes.CopyTo(_kept.AsSpan(_length));
        _position = _length += bytes.Length;
    }

    private void Grow(int bytes)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(Math.Max(FirstRent, bytes), _kept.Length * 2));
        _kept.AsSpan(0, _length).CopyTo(larger);
        Return();
        _kept = larger;
    }

    private void Lose()
    {
        Return();
        (_kept, _length, _position, _isLost) = ([], 0, 0, true);
    }

    private void Return()
    {
        if (_kept.Length > 0) ArrayPool<byte>.Shared.Return(_kept);
    }
}
