using System.Buffers.Binary;
using System.Text;

namespace BlueGreen.Router.Tests.Support;

/// <summary>HTTP/2 (RFC 9113) frame by frame, for what no client or server library shows.</summary>
internal sealed class Http2Wire(Stream stream)
{
    public const byte Data = 0;
    public const byte Headers = 1;
    public const byte Reset = 3;
    public const byte Settings = 4;
    public const byte Ping = 6;
    public const byte GoAway = 7;

    /// <summary>On data and headers.</summary>
    public const byte EndStream = 1;

    /// <summary>On settings and pings.</summary>
    public const byte Acknowledged = 1;
    public const byte EndHeaders = 4;
    public const int RefusedStream = 7;
    private const int HeadBytes = 9;

    public static ReadOnlySpan<byte> Preface => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8;

    /// <summary>Says hello and makes one request without a body.</summary>
    /// <returns>The frames of its answer, up to the one that ends it.</returns>
    public async Task<IReadOnlyList<Http2Frame>> AskAsync(string path, string contentType, CancellationToken ct)
    {
        await stream.WriteAsync(Preface.ToArray(), ct);
        await WriteAsync(Settings, 0, 0, Array.Empty<byte>(), ct);
        await WriteAsync(Headers, EndStream | EndHeaders, 1, Block((":method", "POST"), (":scheme", "http"), (":path", path), (":authority", "model"), ("content-type", contentType)), ct);
        var answer = new List<Http2Frame>();
        while (await ReadAsync(ct) is { } frame)
        {
            if (frame.Stream == 1) answer.Add(frame);
            if (frame.Stream == 1 && frame.EndsStream) return answer;
        }

        return answer;
    }

    public async Task WriteAsync(byte type, byte flags, int id, ReadOnlyMemory<byte> payload, CancellationToken ct)
    {
        var frame = new byte[HeadBytes + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length << 8);
        (frame[3], frame[4]) = (type, flags);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), id);
        payload.CopyTo(frame.AsMemory(HeadBytes));
        await stream.WriteAsync(frame, ct);
    }

    /// <returns>Null at the end of the connection. Settings and pings are acknowledged on the way.</returns>
    public async Task<Http2Frame?> ReadAsync(CancellationToken ct)
    {
        var head = new byte[HeadBytes];
        if (await stream.ReadAtLeastAsync(head, HeadBytes, throwOnEndOfStream: false, ct) < HeadBytes) return null;
        var payload = new byte[BinaryPrimitives.ReadInt32BigEndian(head) >>> 8];
        await stream.ReadExactlyAsync(payload, ct);
        var frame = new Http2Frame(head[3], head[4], BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(5)), payload);
        if (frame.Type is Settings or Ping && (frame.Flags & Acknowledged) == 0)
            await WriteAsync(frame.Type, Acknowledged, 0, frame.Type == Ping ? payload : Array.Empty<byte>(), ct);
        return frame;
    }

    /// <summary>A number as resets and goodbyes carry it.</summary>
    public static byte[] Number(int value)
    {
        var four = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(four, value);
        return four;
    }

    /// <summary>Header fields as literals, neither compressed nor remembered (RFC 7541, 6.2.2). Names and values are shorter than 127 bytes.</summary>
    public static byte[] Block(params IReadOnlyList<(string Name, string Value)> fields) =>
        [.. fields.SelectMany(field => new byte[] { 0, (byte)field.Name.Length }
            .Concat(Encoding.ASCII.GetBytes(field.Name)).Append((byte)field.Value.Length).Concat(Encoding.ASCII.GetBytes(field.Value)))];
}

/// <param name="Type">See <see cref="Http2Wire"/>.</param>
/// <param name="Flags">What they mean depends on the type.</param>
/// <param name="Stream">0: the connection.</param>
/// <param name="Payload">Without the frame's head.</param>
internal sealed record Http2Frame(byte Type, byte Flags, int Stream, byte[] Payload)
{
    public bool EndsStream => Type is Http2Wire.Data or Http2Wire.Headers && (Flags & Http2Wire.EndStream) != 0;
    public string Text => Encoding.Latin1.GetString(Payload);
}
