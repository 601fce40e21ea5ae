using System.Buffers.Binary;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace BlueGreen.Router.Drivers.Dns;

/// <summary>Asks a zone's primary server, and updates it (RFC 2136), over TCP and signed both ways.</summary>
/// <param name="server"><c>host:port</c>.</param>
/// <param name="key">Known to both.</param>
/// <param name="clock">Signatures carry the time.</param>
internal sealed class DnsClient(string server, TsigKey key, TimeProvider clock)
{
    /// <summary>The records of one name and type; none when there is no such name.</summary>
    /// <exception cref="DnsRefusal">The server did not say.</exception>
    public async Task<IReadOnlyList<DnsRecord>> QueryAsync(string name, ushort type, CancellationToken cancellationToken)
    {
        var question = new DnsWriter().U16(NewId()).U16(0).U16(1).U16(0).U16(0).U16(0).Name(name).U16(type).U16(DnsCode.In).ToArray();
        var (code, answers) = await ExchangeAsync(question, cancellationToken);
        if (code is not (0 or DnsCode.NameError)) throw new DnsRefusal($"The name server does not tell {name}: {DnsCode.Describe(code)}.");
        return [.. answers.Where(record => record.Type == type && string.Equals(record.Name, name.TrimEnd('.'), StringComparison.OrdinalIgnoreCase))];
    }

    /// <summary>Changes a zone as a whole, if all demands are met.</summary>
    /// <exception cref="DnsRefusal">It was not changed.</exception>
    public async Task UpdateAsync(
        string zone, IReadOnlyList<DnsRecord> demands, IReadOnlyList<DnsRecord> changes, CancellationToken cancellationToken)
    {
        var message = new DnsWriter().U16(NewId()).U16(DnsCode.UpdateFlags).U16(1).U16(demands.Count).U16(changes.Count).U16(0)
            .Name(zone).U16(DnsCode.Soa).U16(DnsCode.In);
        foreach (var record in demands.Concat(changes)) message.Record(record);
        var (code, _) = await ExchangeAsync(message.ToArray(), cancellationToken);
        if (code != 0) throw new DnsRefusal($"The name server did not update {zone}: {DnsCode.Describe(code)}.");
    }

    private static int NewId() => RandomNumberGenerator.GetInt32(ushort.MaxValue + 1);

    private async Task<(int Code, IReadOnlyList<DnsRecord> Answers)> ExchangeAsync(byte[] message, CancellationToken cancellationToken)
    {
        var (signed, mac) = key.Sign(message, clock.GetUtcNow());
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(DriverText.EndPointOf(server), cancellationToken);
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync((byte[])[.. new DnsWriter().U16(signed.Length).ToArray(), .. signed], cancellationToken);
        var length = new byte[2];
        await stream.ReadExactlyAsync(length, cancellationToken);
        var answer = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
        await stream.ReadExactlyAsync(answer, cancellationToken);
        return Read(answer, message, mac);
    }

    private (int Code, IReadOnlyList<DnsRecord> Answers) Read(byte[] answer, byte[] request, byte[] mac)
    {
        var reader = new DnsReader(answer);
        if (reader.U16() != BinaryPrimitives.ReadUInt16BigEndian(request)) throw new DnsRefusal("The name server answered another question.");
        var code = reader.U16() & 0xF;
        var (questions, counts) = (reader.U16(), new[] { reader.U16(), reader.U16(), reader.U16() });
        for (var index = 0; index < questions; index++)
        {
            reader.Name();
            reader.U32();
        }

        var (records, lastAt) = (new List<DnsRecord>(), 0);
        for (var index = 0; index < counts.Sum(); index++)
        {
            lastAt = reader.Position;
            records.Add(reader.Record());
        }

        if (records.Count == 0 || records[^1].Type != DnsCode.Tsig) throw new DnsRefusal($"The name server's answer is not signed ({DnsCode.Describe(code)}).");
        if (key.Verify(answer, lastAt, records[^1], mac, clock.GetUtcNow()) is { } problem) throw new DnsRefusal($"The name server's answer cannot be trusted: {problem}");
        return (code, records.Take(counts[0]).ToArray());
    }
}

/// <summary>Why a name server did not do as it was asked.</summary>
internal sealed class DnsRefusal(string message) : Exception(message);
