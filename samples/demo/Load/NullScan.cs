namespace BlueGreen.Demo.Load;

/// <summary>
/// Looks for the JSON literal <c>null</c> in a body that comes in pieces, without parsing it. Good enough here: the model server's answers
/// hold no text of anyone else's making.
/// </summary>
internal struct NullScan
{
    private int _matched;

    private static ReadOnlySpan<byte> Literal => "null"u8;

    public readonly bool Found => _matched == Literal.Length;

    public void Add(ReadOnlySpan<byte> piece)
    {
        foreach (var value in piece)
        {
            if (Found) return;
            if (value == Literal[_matched]) _matched++;
            else _matched = value == Literal[0] ? 1 : 0;
        }
    }
}
