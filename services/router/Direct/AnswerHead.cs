namespace BlueGreen.Router.Direct;

/// <summary>The head of an answer (RFC 9112, 4 and 5). One per connection, used for one answer after the other.</summary>
internal sealed class AnswerHead
{
    private const int MostHeaders = 256;
    private const int StatusLineBytes = 12;

    private readonly List<AnswerHeader> _headers = [];
    private readonly List<string> _nominated = [];
    private int _count;
    private long? _length;
    private bool _isChunked;
    private bool _isHttp11;
    private bool _closes;
    private bool _keeps;

    public int Status { get; private set; }

    /// <summary>Null: the usual one.</summary>
    public string? Reason { get; private set; }

    /// <summary>Of an answer whose body is not framed otherwise.</summary>
    public long? ContentLength => _isChunked ? null : _length;
    public string? MediaType { get; private set; }
    public bool IsEncoded { get; private set; }

    /// <summary>Whether the server lets its connection be used again: of framing that could be read in two ways nobody knows where it ends.</summary>
    public bool KeepsConnection => !_closes && (_isHttp11 || _keeps) && !(_isChunked && _length is not null);

    /// <summary>Names that the answer's Connection header declares to be between us and the server.</summary>
    public IReadOnlyList<string> Nominated => _nominated;

    public ReadOnlySpan<AnswerHeader> Headers => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_headers)[.._count];

    /// <param name="head">Status line and headers, with the line end of the last one and without the empty line.</param>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public void Read(ReadOnlySpan<byte> head)
    {
        (_count, _length, _isChunked, _closes, _keeps, MediaType, IsEncoded) = (0, null, false, false, false, null, false);
        if (_nominated.Count > 0) _nominated.Clear();
        var end = EndOfLine(head);
        ReadStatus(head[..end]);
        for (head = head[(end + 2)..]; !head.IsEmpty; head = head[(end + 2)..])
        {
            end = EndOfLine(head);
            Note(Header(head[..end]));
        }
    }

    /// <summary>How the body of an answer to this method is framed (RFC 9112, 6.3).</summary>
    public AnswerFraming FramingFor(bool isHead)
    {
        if (isHead || Status is 204 or 304) return AnswerFraming.None;
        if (_isChunked) return AnswerFraming.Chunked;
        return _length is { } length ? AnswerFraming.OfLength(length) : AnswerFraming.UntilEnd;
    }

    private static int EndOfLine(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOf((byte)'\n');
        return end > 0 && bytes[end - 1] == '\r' ? end - 1 : throw Wrong("a line's end");
    }

    private void ReadStatus(ReadOnlySpan<byte> line)
    {
        if (line.Length < StatusLineBytes || !line.StartsWith("HTTP/1."u8) || line[7] is not ((byte)'0' or (byte)'1') || line[8] != ' '
            || line[9..12].ContainsAnyExceptInRange((byte)'0', (byte)'9') || (line.Length > StatusLineBytes && line[StatusLineBytes] != ' '))
            throw Wrong("the status line");
        _isHttp11 = line[7] == '1';
        Status = ((line[9] - '0') * 100) + ((line[10] - '0') * 10) + (line[11] - '0');
        if (Status < 100) throw Wrong("the status");
        var reason = line.Length > StatusLineBytes ? line[(StatusLineBytes + 1)..] : [];
        var usual = Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(Status);
        if (System.Text.Ascii.Equals(reason, usual)) Reason = null;
        else if (reason.ContainsAnyExceptInRange((byte)0x20, (byte)0x7e)) throw Wrong("the reason phrase");
        else Reason = System.Text.Encoding.ASCII.GetString(reason);
    }

    private AnswerHeader Header(ReadOnlySpan<byte> line)
    {
        if (_count == MostHeaders) throw Wrong("too many headers");
        if (_count == _headers.Count) _headers.Add(AnswerHeader.Read(line));
        else if (!_headers[_count].IsLine(line)) _headers[_count] = AnswerHeader.Read(line);
        return _headers[_count++];
    }

    private void Note(AnswerHeader header)
    {
        switch (header.Kind)
        {
            case HeaderKind.ContentLength:
                if (_length is { } known && known != header.Length) throw Wrong("two lengths");
                _length = header.Length;
                break;
            case HeaderKind.TransferEncoding:
                if (_isChunked || !_isHttp11 || !header.Text.Equals("chunked", StringComparison.OrdinalIgnoreCase)) throw Wrong("its transfer coding");
                _isChunked = true;
                break;
            case HeaderKind.Connection:
                for (var i = 0; i < header.Tokens.Count; i++) Nominate(header.Tokens[i]);
                break;
            case HeaderKind.ContentType:
                MediaType = header.MediaType;
                break;
            case HeaderKind.ContentEncoding:
                IsEncoded = true;
                break;
        }
    }

    private void Nominate(string token)
    {
        if (token.Equals("close", StringComparison.OrdinalIgnoreCase)) _closes = true;
        else if (token.Equals("keep-alive", StringComparison.OrdinalIgnoreCase)) _keeps = true;
        else _nominated.Add(token);
    }

    private static InvalidDataException Wrong(string what) => new($"The answer's head is wrong: {what}.");
}
