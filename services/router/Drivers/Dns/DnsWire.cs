using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace BlueGreen.Router.Drivers.Dns;

/// <summary>Numbers of the DNS protocol (RFC 1035, RFC 2136, RFC 8945).</summary>
internal static class DnsCode
{
    public const ushort A = 1;
    public const ushort Soa = 6;
    public const ushort Txt = 16;
    public const ushort Aaaa = 28;
    public const ushort Tsig = 250;
    public const ushort Any = 255;
    public const ushort In = 1;
    public const ushort None = 254;
    public const ushort UpdateFlags = 5 << 11;
    public const int NameError = 3;

    /// <summary>What a response code means to an operator.</summary>
    public static string Describe(int code) => code switch
    {
        1 => "FORMERR",
        2 => "SERVFAIL",
        NameError => "NXDOMAIN",
        4 => "NOTIMP",
        5 => "REFUSED",
        6 or 7 or 8 => "the records were changed while they were being changed",
        9 => "NOTAUTH: not this zone's primary, or not with this key",
        10 => "NOTZONE: the name is not in the zone",
        16 => "BADSIG: the key's secret is another one",
        17 => "BADKEY: the key is not known",
        18 => "BADTIME: the clocks differ by more than 5 minutes",
        _ => $"response code {code}",
    };
}

/// <summary>A resource record as it travels; in an update also a demand or a deletion, which class and length say.</summary>
internal sealed record DnsRecord(string Name, ushort Type, ushort Class, uint Ttl, byte[] Data)
{
    public static DnsRecord OfAddress(string name, IPAddress address, uint ttl)
    {
        var data = address.GetAddressBytes();
        return new DnsRecord(name, data.Length == 4 ? DnsCode.A : DnsCode.Aaaa, DnsCode.In, ttl, data);
    }

    /// <param name="name">Whose record.</param>
    /// <param name="text">At most 255 ASCII characters.</param>
    /// <param name="ttl">Seconds.</param>
    public static DnsRecord OfText(string name, string text, uint ttl) =>
        new(name, DnsCode.Txt, DnsCode.In, ttl, [(byte)text.Length, .. Encoding.ASCII.GetBytes(text)]);

    /// <summary>The strings of a TXT record, one after the other.</summary>
    public string Text()
    {
        var text = new StringBuilder();
        for (var at = 0; at < Data.Length; at += 1 + Data[at]) text.Append(Encoding.ASCII.GetString(Data, at + 1, Math.Min(Data[at], Data.Length - at - 1)));
        return text.ToString();
    }
}

/// <summary>Writes the parts of a message, without name compression.</summary>
internal sealed class DnsWriter
{
    private readonly List<byte> _bytes = [];

    public byte[] ToArray() => [.. _bytes];

    public DnsWriter Bytes(ReadOnlySpan<byte> bytes)
    {
        foreach (var one in bytes) _bytes.Add(one);
        return this;
    }

    public DnsWriter U16(int value)
    {
        Span<byte> two = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(two, (ushort)value);
        return Bytes(two);
    }

    public DnsWriter U32(uint value) => U16((int)(value >> 16)).U16((int)(value & 0xFFFF));

    public DnsWriter U48(long value) => U16((int)(value >> 32)).U32((uint)value);

    /// <exception cref="FormatException">It is not a domain name.</exception>
    public DnsWriter Name(string name)
    {
        foreach (var label in name.TrimEnd('.').Split('.'))
        {
            if (label.Length is 0 or > 63 || !Ascii.IsValid(label)) throw new FormatException($"'{name}' is not a domain name.");
            _bytes.Add((byte)label.Length);
            Bytes(Encoding.ASCII.GetBytes(label.ToLowerInvariant()));
        }

        _bytes.Add(0);
        return this;
    }

    public DnsWriter Record(DnsRecord record) => Name(record.Name)
        .U16(record.Type).U16(record.Class).U32(record.Ttl).U16(record.Data.Length).Bytes(record.Data);
}

/// <summary>Reads the parts of a message.</summary>
internal sealed class DnsReader(byte[] message)
{
    private const int MostJumps = 64;

    public int Position { get; private set; }

    public int U16()
    {
        var value = BinaryPrimitives.ReadUInt16BigEndian(Take(2));
        return value;
    }

    public uint U32() => BinaryPrimitives.ReadUInt32BigEndian(Take(4));

    public long U48() => ((long)U16() << 32) | U32();

    public byte[] Bytes(int count) => Take(count).ToArray();

    public string Name()
    {
        var labels = new List<string>();
        var (at, end, jumps) = (Position, -1, 0);
        while (true)
        {
            var length = At(at++);
            if (length == 0) break;
            if (length >= 0xC0)
            {
                if (++jumps > MostJumps) throw new FormatException("A name of the answer has no end.");
                if (end < 0) end = at + 1;
                at = ((length & 0x3F) << 8) | At(at);
                continue;
            }

            if (at + length > message.Length) throw new FormatException("The answer is cut off.");
            labels.Add(Encoding.ASCII.GetString(message, at, length));
            at += length;
        }

        Position = end < 0 ? at : end;
        return string.Join('.', labels).ToLowerInvariant();
    }

    public DnsRecord Record()
    {
        var name = Name();
        var (type, kind, ttl) = ((ushort)U16(), (ushort)U16(), U32());
        return new DnsRecord(name, type, kind, ttl, Bytes(U16()));
    }

    private byte At(int index) => index < message.Length ? message[index] : throw new FormatException("The answer is cut off.");

    private ReadOnlySpan<byte> Take(int count)
    {
        if (Position + count > message.Length) throw new FormatException("The answer is cut off.");
        var taken = message.AsSpan(Position, count);
        Position += count;
        return taken;
    }
}
