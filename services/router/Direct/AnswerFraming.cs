namespace BlueGreen.Router.Direct;

/// <summary>
/// Finds the end of an HTTP/1.1 answer's body (RFC 9112, 6 and 7): by length, by chunks, or by the connection's end. Strict: what two
/// readers could understand in two ways is an error, because the next answer on the connection would begin where only one of them thinks.
/// </summary>
internal struct AnswerFraming
{
    private const int MostLineBytes = 4096;
    private const int MostTrailerBytes = 16 * 1024;

    private Phase _phase;
    private long _left;
    private int _trailerBytes;

    private enum Phase
    {
        Over,
        Length,
        UntilEnd,
        ChunkSize,
        ChunkData,
        ChunkEnd,
        Trailer,
    }

    public static AnswerFraming None => default;
    public static AnswerFraming Chunked => new() { _phase = Phase.ChunkSize };
    public static AnswerFraming UntilEnd => new() { _phase = Phase.UntilEnd };

    public static AnswerFraming OfLength(long bytes) => new() { _phase = bytes == 0 ? Phase.Over : Phase.Length, _left = bytes };

    public readonly bool IsComplete => _phase == Phase.Over;

    /// <summary>The body ends where the connection does: then that is no failure.</summary>
    public readonly bool EndsWithConnection => _phase == Phase.UntilEnd;

    /// <summary>True when at most this many bytes, and they are known to come soon, are missing.</summary>
    public readonly bool IsShort(int bytes) => _phase == Phase.Length && _left <= bytes;

    /// <summary>Takes body out of what was received. Payload is moved to the beginning of <paramref name="bytes"/>.</summary>
    /// <param name="bytes">Received, not taken yet.</param>
    /// <param name="consumed">How many of them are done with; the others are to be presented again, with more behind them.</param>
    /// <returns>Bytes of payload.</returns>
    /// <exception cref="InvalidDataException">The chunks are not what RFC 9112 says.</exception>
    public int Take(Span<byte> bytes, out int consumed)
    {
        switch (_phase)
        {
            case Phase.Over:
                consumed = 0;
                return 0;
            case Phase.UntilEnd:
                return consumed = bytes.Length;
            case Phase.Length:
                consumed = (int)Math.Min(_left, bytes.Length);
                _left -= consumed;
                if (_left == 0) _phase = Phase.Over;
                return consumed;
            default:
                return TakeChunks(bytes, out consumed);
        }
    }

    private int TakeChunks(Span<byte> bytes, out int consumed)
    {
        var payload = 0;
        consumed = 0;
        while (_phase != Phase.Over)
        {
            var rest = bytes[consumed..];
            if (_phase == Phase.ChunkData)
            {
                var taken = (int)Math.Min(_left, rest.Length);
                rest[..taken].CopyTo(bytes[payload..]);
                payload += taken;
                consumed += taken;
                _left -= taken;
                if (_left > 0) break;
                _phase = Phase.ChunkEnd;
            }
            else if (TakeLine(rest) is var line and > 0)
            {
                consumed += line;
            }
            else
            {
                break;
            }
        }

        return payload;
    }

    /// <returns>Bytes of the line, its end included; 0: it is not complete.</returns>
    private int TakeLine(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOf((byte)'\n');
        if (end < 0) return bytes.Length <= MostLineBytes ? 0 : throw Wrong("a line is too long");
        if (end == 0 || bytes[end - 1] != '\r') throw Wrong("a line ends without CR");
        var line = bytes[..(end - 1)];
        switch (_phase)
        {
            case Phase.ChunkSize:
                _left = SizeOf(line);
                _phase = _left == 0 ? Phase.Trailer : Phase.ChunkData;
                break;
            case Phase.ChunkEnd:
                if (!line.IsEmpty) throw Wrong("a chunk is longer than it says");
                _phase = Phase.ChunkSize;
                break;
            default:
                _trailerBytes += line.Length;
                if (_trailerBytes > MostTrailerBytes) throw Wrong("the trailer is too long");
                if (line.IsEmpty) _phase = Phase.Over;
                break;
        }

        return end + 1;
    }

    private static long SizeOf(ReadOnlySpan<byte> line)
    {
        const int MostDigits = 15;
        var extension = line.IndexOf((byte)';');
        // Space before an extension is a bad habit that RFC 9112, 7.1.1 knows.
        var digits = extension < 0 ? line : line[..extension].TrimEnd(" \t"u8);
        if (digits.Length is 0 or > MostDigits || line.IndexOfAnyInRange((byte)0, (byte)8) >= 0 || line.Contains((byte)'\r')) throw Wrong("a chunk's size cannot be read");
        var size = 0L;
        foreach (var digit in digits)
        {
            if (!char.IsAsciiHexDigit((char)digit)) throw Wrong("a chunk's size cannot be read");
            size = (size << 4) + (digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
        }

        return size;
    }

    private static InvalidDataException Wrong(string what) => new($"The answer's chunks are wrong: {what}.");
}
