using System.Buffers;
using BlueGreen.Router.Proxy;

namespace BlueGreen.Router.Mirroring;

/// <summary>A request's body on its way to the live environment, of which a copy is kept: the client's bytes are read once and at its pace.</summary>
internal sealed class TeeStream(Stream inner, int length) : ReadingStream
{
    private byte[] _copy = ArrayPool<byte>.Shared.Rent(Math.Max(1, length));
    private int _filled;

    /// <returns>The body, once all of it has passed; null: it has not.</returns>
    public byte[]? Take() => _filled == length ? _copy.AsSpan(0, length).ToArray() : null;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        Keep(buffer.Span[..read]);
        return read;
    }

    /// <summary>Gives the copy's memory back; the inner stream is its request's.</summary>
    protected override void Dispose(bool disposing)
    {
        if (disposing && _copy.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_copy);
            (_copy, _filled) = ([], 0);
        }

        base.Dispose(disposing);
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        // More than was announced cannot come: Kestrel ends the body there.
        if (_filled + bytes.Length > length) return;
        bytes.CopyTo(_copy.AsSpan(_filled));
        _filled += bytes.Length;
    }
}
