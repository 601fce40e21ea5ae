using BlueGreen.Router.Proxy;

namespace BlueGreen.Router.Capture;

/// <summary>Keeps a copy of a request's body while it is read, up to a limit.</summary>
internal sealed class CopiedBody(Stream inner, int mostBytes) : ReadingStream
{
    private readonly MemoryStream _copy = new();
    private bool _isTooLarge;
    private bool _isWhole;

    /// <summary>Null unless the whole body was read, was within the limit and was not empty.</summary>
    public byte[]? Copy() => _isWhole && !_isTooLarge && _copy.Length > 0 ? _copy.ToArray() : null;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        Note(buffer.Span[..read], isEnd: read == 0 && !buffer.IsEmpty);
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        var read = inner.Read(buffer, offset, count);
        Note(buffer.AsSpan(offset, read), isEnd: read == 0 && count > 0);
        return read;
    }

    private void Note(ReadOnlySpan<byte> bytes, bool isEnd)
    {
        _isWhole |= isEnd;
        _isTooLarge |= _copy.Length + bytes.Length > mostBytes;
        if (!_isTooLarge) _copy.Write(bytes);
    }
}
