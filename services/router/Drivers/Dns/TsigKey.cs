using System.Buffers.Binary;
using System.Security.Cryptography;

namespace BlueGreen.Router.Drivers.Dns;

/// <summary>A shared key that signs messages to a name server and checks its answers (TSIG, RFC 8945).</summary>
internal sealed class TsigKey(string name, string algorithm, byte[] secret)
{
    private const int FudgeSeconds = 300;
    private const int HeaderLength = 12;
    private const int CountAt = 10;

    /// <summary>The message with the signature as its last record, and the signature itself.</summary>
    public (byte[] Message, byte[] Mac) Sign(byte[] message, DateTimeOffset now)
    {
        var time = now.ToUnixTimeSeconds();
        var mac = Hash([.. message, .. Variables(time, FudgeSeconds, error: 0, other: [])]);
        var data = new DnsWriter().Name(algorithm).U48(time).U16(FudgeSeconds).U16(mac.Length).Bytes(mac)
            .Bytes(message.AsSpan(0, 2)).U16(0).U16(0).ToArray();
        var record = new DnsWriter().Record(new DnsRecord(name, DnsCode.Tsig, DnsCode.Any, 0, data)).ToArray();
        byte[] signed = [.. message, .. record];
        AddToCount(signed, 1);
        return (signed, mac);
    }

    /// <summary>Checks that an answer is signed with the same key, and belongs to the request.</summary>
    /// <param name="answer">As it came.</param>
    /// <param name="tsigAt">Where its last record begins.</param>
    /// <param name="record">Its last record.</param>
    /// <param name="requestMac">The signature of the request.</param>
    /// <param name="now">The signature must be of about now.</param>
    /// <returns>Null: it is. Otherwise why it cannot be trusted.</returns>
    public string? Verify(byte[] answer, int tsigAt, DnsRecord record, byte[] requestMac, DateTimeOffset now)
    {
        var reader = new DnsReader(record.Data);
        var usedAlgorithm = reader.Name();
        var (time, fudge) = (reader.U48(), reader.U16());
        var mac = reader.Bytes(reader.U16());
        reader.U16();
        var error = reader.U16();
        var other = reader.Bytes(reader.U16());
        if (error != 0) return DnsCode.Describe(error);
        if (!string.Equals(record.Name, name.TrimEnd('.'), StringComparison.OrdinalIgnoreCase) || usedAlgorithm != algorithm) return "The answer is signed with another key.";
        var body = answer[..tsigAt];
        AddToCount(body, -1);
        byte[] signed = [.. new DnsWriter().U16(requestMac.Length).Bytes(requestMac).ToArray(), .. body, .. Variables(time, fudge, error, other)];
        if (!CryptographicOperations.FixedTimeEquals(mac, Hash(signed))) return "The answer's signature is wrong.";
        return Math.Abs(now.ToUnixTimeSeconds() - time) <= fudge ? null : "The answer is not of now.";
    }

    private static void AddToCount(byte[] message, int add)
    {
        if (message.Length < HeaderLength) throw new FormatException("The message is cut off.");
        var count = message.AsSpan(CountAt, 2);
        BinaryPrimitives.WriteUInt16BigEndian(count, (ushort)(BinaryPrimitives.ReadUInt16BigEndian(count) + add));
    }

    private byte[] Variables(long time, int fudge, int error, byte[] other) => new DnsWriter()
        .Name(name).U16(DnsCode.Any).U32(0).Name(algorithm).U48(time).U16(fudge).U16(error).U16(other.Length).Bytes(other).ToArray();

    private byte[] Hash(byte[] data) => algorithm == "hmac-sha512" ? HMACSHA512.HashData(secret, data) : HMACSHA256.HashData(secret, data);
}
