using System.Buffers;
using System.Text;
using BlueGreen.Router.Proxy;
using Microsoft.AspNetCore.Http.Features;

namespace BlueGreen.Router.Direct;

/// <summary>
/// A whole request, head and body in one piece of memory, ready to be sent with one call, and again if its replica could not be connected to.
/// One per client connection; between requests it holds no memory.
/// </summary>
internal sealed class PlainRequest
{
    /// <summary>Larger bodies are streamed, by the general way.</summary>
    public const int MostBodyBytes = 64 * 1024;

    private const int MostHeadBytes = 8 * 1024;

    private byte[] _bytes = [];
    private int _headStart;
    private int _bodyEnd;

    /// <summary>The request as it is sent.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes.AsMemory(_headStart, _bodyEnd - _headStart);

    /// <summary>May be sent twice without harm, because nothing comes of it (RFC 9110, 9.2.1).</summary>
    public bool IsSafe { get; private set; }
    public bool IsHead { get; private set; }

    /// <summary>Whether this is a request of the kind that model servers get all day: HTTP/1.1, its length known and not large, nothing to negotiate.</summary>
    public bool Fits(HttpContext context)
    {
        var request = context.Request;
        if (!HttpProtocol.IsHttp11(request.Protocol)) return false;
        IsHead = HttpMethods.IsHead(request.Method);
        IsSafe = IsHead || HttpMethods.IsGet(request.Method) || HttpMethods.IsOptions(request.Method);
        if (!IsSafe && !HttpMethods.IsPost(request.Method) && !HttpMethods.IsPut(request.Method) && !HttpMethods.IsPatch(request.Method)
            && !HttpMethods.IsDelete(request.Method)) return false;
        if (UpstreamClient.IsGrpc(request.ContentType)) return false;
        return request.ContentLength is { } length
            ? length <= MostBodyBytes
            : context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == false;
    }

    /// <summary>Writes the head as this replica is to get it. Before the body is read, so that another way can still be gone.</summary>
    /// <param name="request">The client's.</param>
    /// <param name="target">The rest of the first line, and Host.</param>
    /// <param name="more">A further header line, with its end.</param>
    /// <returns>False: there is something in it that only the general way knows.</returns>
    public bool TryWriteHead(HttpRequest request, ReadOnlySpan<byte> target, ReadOnlySpan<byte> more = default)
    {
        var length = request.ContentLength;
        if (_bytes.Length == 0) _bytes = ArrayPool<byte>.Shared.Rent(MostHeadBytes + (int)(length ?? 0) + 1);
        var head = new HeadWriter(_bytes.AsSpan(0, MostHeadBytes));
        head.Text(request.Method);
        head.Bytes(target);
        if (length is { } known) head.Length(known);
        foreach (var (name, values) in request.Headers)
        {
            switch (HeaderKinds.OfRequest(name))
            {
                case HeaderKind.Copied when values.Count == 1:
                    head.Header(name, values[0]!);
                    break;
                case HeaderKind.Dropped:
                case HeaderKind.Connection when IsUsual(values.ToString()):
                    break;
                default:
                    return false;
            }
        }

        head.Bytes(more);
        head.Bytes("\r\n"u8);
        if (!head.IsWhole) return false;
        // Right before the body: one piece.
        _headStart = MostHeadBytes - head.Written;
        _bytes.AsSpan(0, head.Written).CopyTo(_bytes.AsSpan(_headStart));
        return true;
    }

    /// <summary>Reads the body to its end. A second call, for another replica, finds it read.</summary>
    public async ValueTask ReadBodyAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (_bodyEnd > 0) return;
        var (end, last) = (MostHeadBytes, MostHeadBytes + (int)(request.ContentLength ?? 0));
        // One more than there is: whoever copies the body on its way learns that it is over.
        while (last > MostHeadBytes && await request.Body.ReadAsync(_bytes.AsMemory(end, last + 1 - end), cancellationToken) is var read and > 0) end += read;
        if (end != last) throw new BadHttpRequestException("The body is shorter than it says.");
        _bodyEnd = end;
    }

    /// <summary>Takes the body that the head announces, where somebody has read it already.</summary>
    public void TakeBody(ReadOnlySpan<byte> body)
    {
        body.CopyTo(_bytes.AsSpan(MostHeadBytes));
        _bodyEnd = MostHeadBytes + body.Length;
    }

    /// <summary>The request is over.</summary>
    public void Release()
    {
        if (_bytes.Length > 0) ArrayPool<byte>.Shared.Return(_bytes);
        (_bytes, _headStart, _bodyEnd) = ([], 0, 0);
    }

    private static bool IsUsual(string connection) =>
        connection.Equals("keep-alive", StringComparison.OrdinalIgnoreCase) || connection.Equals("close", StringComparison.OrdinalIgnoreCase);

    /// <summary>Writes ASCII for as long as it is ASCII and there is room.</summary>
    private ref struct HeadWriter(Span<byte> into)
    {
        private readonly Span<byte> _into = into;

        public int Written { get; private set; }
        public bool IsWhole { get; private set; } = true;

        public void Bytes(ReadOnlySpan<byte> bytes)
        {
            if (bytes.TryCopyTo(_into[Written..])) Written += bytes.Length;
            else IsWhole = false;
        }

        public void Text(string text)
        {
            if (Ascii.FromUtf16(text, _into[Written..], out var written) == OperationStatus.Done) Written += written;
            else IsWhole = false;
        }

        public void Length(long length)
        {
            Bytes("Content-Length: "u8);
            if (length.TryFormat(_into[Written..], out var written, default, System.Globalization.CultureInfo.InvariantCulture)) Written += written;
            else IsWhole = false;
            Bytes("\r\n"u8);
        }

        public void Header(string name, string value)
        {
            // Kestrel refuses line ends in values; if it ever should not, they still go no further.
            if (value.AsSpan().ContainsAny('\r', '\n', '\0')) IsWhole = false;
            Text(name);
            Bytes(": "u8);
            Text(value);
            Bytes("\r\n"u8);
        }
    }
}
