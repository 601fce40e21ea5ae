using System.Buffers;
using System.Runtime.CompilerServices;

namespace BlueGreen.Router.Windows;

/// <summary>Keeps a pooled copy of what is read through it and shows it to somebody at its end.</summary>
internal sealed class InspectedStream(Stream inner, Action<ReadOnlyMemory<byte>> inspect) : Stream
{
    private const int FirstRent = 4096;

    private byte[]? _copy = ArrayPool<byte>.Shared.Rent(FirstRent);
    private int _length;

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        Note(buffer.Span[..read], isEnd: read == 0 && !buffer.IsEmpty);
        return read;
    }

    public override async Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        await ReadAsync(buffer.AsMemory(offset, count), cancellationToken);

    public override int Read(byte[] buffer, int offset, int count)
    {
        var read = inner.Read(buffer, offset, count);
        Note(buffer.AsSpan(offset, read), isEnd: read == 0 && count > 0);
        return read;
    }

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Inspect();
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Note(ReadOnlySpan<byte> bytes, bool isEnd)
    {
        if (isEnd) Inspect();
        else if (_copy is not null) Append(bytes);
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        var needed = _length + bytes.Length;
        if (needed > InspectedContent.MostBytes)
        {
            Release();
            return;
        }

        if (needed > _copy!.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, _copy.Length * 2));
            _copy.AsSpan(0, _length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_copy);
            _copy = larger;
        }

        bytes.CopyTo(_copy.AsSpan(_length));
        _length = needed;
    }

    private void Inspect()
    {
        if (_copy is null) return;
        inspect(_copy.AsMemory(0, _length));
        Release();
    }

    private void Release()
    {
        if (_copy is not null) ArrayPool<byte>.Shared.Return(_copy);
        _copy = null;
    }
}
