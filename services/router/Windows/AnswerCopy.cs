using System.Buffers;

namespace BlueGreen.Router.Windows;

/// <summary>A pooled copy of an answer's body that grows with it, up to what is worth looking at.</summary>
internal sealed class AnswerCopy : IDisposable
{
    private const int FirstRent = 4096;

    private byte[] _bytes = [];
    private int _length;
    private bool _isOver;

    /// <summary>Nothing was kept: nothing came, or too much.</summary>
    public bool IsEmpty => _length == 0;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (_isOver) return;
        var needed = _length + bytes.Length;
        if (needed > AnswerInspection.MostBytes)
        {
            Dispose();
            return;
        }

        if (needed > _bytes.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, Math.Max(FirstRent, _bytes.Length * 2)));
            _bytes.AsSpan(0, _length).CopyTo(larger);
            Return();
            _bytes = larger;
        }

        bytes.CopyTo(_bytes.AsSpan(_length));
        _length = needed;
    }

    /// <summary>Shows it, once. Nothing is kept afterwards.</summary>
    public void Show(in AnswerInspection inspection)
    {
        if (_isOver) return;
        inspection.Inspect(_bytes.AsMemory(0, _length));
        Dispose();
    }

    public void Dispose()
    {
        Return();
        (_bytes, _length, _isOver) = ([], 0, true);
    }

    private void Return()
    {
        if (_bytes.Length > 0) ArrayPool<byte>.Shared.Return(_bytes);
    }
}
