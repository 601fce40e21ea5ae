using System.Runtime.CompilerServices;
using BlueGreen.Router.Proxy;

namespace BlueGreen.Router.Windows;

/// <summary>Keeps a pooled copy of what is read through it and shows it to somebody at its end.</summary>
internal sealed class InspectedStream(Stream inner, AnswerInspection inspection) : ReadingStream
{
    private readonly AnswerCopy _copy = new();

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
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

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _copy.Show(inspection);
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Note(ReadOnlySpan<byte> bytes, bool isEnd)
    {
        if (isEnd) _copy.Show(inspection);
        else _copy.Append(bytes);
    }
}
