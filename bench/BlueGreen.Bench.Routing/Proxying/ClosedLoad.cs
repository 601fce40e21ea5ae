using System.Buffers.Text;
using System.Net.Sockets;
using System.Text;

namespace BlueGreen.Bench.Routing.Proxying;

/// <summary>What a load came to.</summary>
/// <param name="Requests">Answered with 200.</param>
/// <param name="Failed">Answered otherwise or not at all.</param>
/// <param name="PerSecond">Answers.</param>
/// <param name="P50">Milliseconds.</param>
/// <param name="P99">Milliseconds.</param>
internal sealed record LoadResult(int Requests, int Failed, double PerSecond, double P50, double P99)
{
    /// <summary>The proxy's, per request.</summary>
    public double CpuMicroseconds { get; init; }
}

/// <summary>A number of HTTP/1.1 connections that each send the next request when the last is answered; next to no work of its own.</summary>
internal static class ClosedLoad
{
    private const string Body = """{"inputs":[{"name":"x","datatype":"FP64","shape":[1,30],"data":[0.11,0.12,0.13,0.14,0.15,0.16,0.17,0.18,0.19,0.20,0.21,0.22,0.23,0.24,0.25,0.26,0.27,0.28,0.29,0.30,0.31,0.32,0.33,0.34,0.35,0.36,0.37,0.38,0.39,0.40]}],"id":"0123456789"}""";

    public static async Task<LoadResult> RunAsync(Uri address, string path, int connections, TimeSpan time, CancellationToken ct)
    {
        var request = Encoding.ASCII.GetBytes(
            $"POST {path} HTTP/1.1\r\nHost: {address.Authority}\r\nContent-Type: application/json\r\nContent-Length: {Body.Length}\r\n\r\n{Body}");
        var started = TimeProvider.System.GetTimestamp();
        var until = started + (long)(time.TotalSeconds * TimeProvider.System.TimestampFrequency);
        var results = await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(() => LoopAsync(address, request, until, ct), ct)));
        var elapsed = TimeProvider.System.GetElapsedTime(started).TotalSeconds;
        var latencies = results.SelectMany(result => result.Latencies).Order().ToArray();
        return new LoadResult(
            latencies.Length, results.Sum(result => result.Failed), Math.Round(latencies.Length / elapsed),
            At(latencies, 0.5), At(latencies, 0.99));
    }

    private static double At(long[] ascending, double share) => ascending.Length == 0
        ? 0
        : Math.Round(ascending[(int)(share * (ascending.Length - 1))] * 1000d / TimeProvider.System.TimestampFrequency, 3);

    private static async Task<(List<long> Latencies, int Failed)> LoopAsync(Uri address, byte[] request, long until, CancellationToken ct)
    {
        var (latencies, failed, buffer) = (new List<long>(100_000), 0, new byte[16 * 1024]);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(address.Host, address.Port, ct);
        while (true)
        {
            var sent = TimeProvider.System.GetTimestamp();
            if (sent >= until) return (latencies, failed);
            await socket.SendAsync(request, ct);
            var (read, expected) = (0, 0);
            while (expected == 0 || read < expected)
            {
                var more = await socket.ReceiveAsync(buffer.AsMemory(read), ct);
                if (more == 0) return (latencies, failed + 1);
                read += more;
                if (expected == 0) expected = LengthOf(buffer.AsSpan(0, read));
            }

            if (buffer.AsSpan(9, 3).SequenceEqual("200"u8)) latencies.Add(TimeProvider.System.GetTimestamp() - sent);
            else failed++;
        }
    }

    /// <returns>Bytes of header and body together; 0: the header is not complete yet.</returns>
    private static int LengthOf(ReadOnlySpan<byte> received)
    {
        var end = received.IndexOf("\r\n\r\n"u8);
        if (end < 0) return 0;
        var header = received[..end];
        var at = header.IndexOf("ontent-Length: "u8);
        if (at < 0) at = header.IndexOf("ontent-length: "u8);
        if (at < 0 || !Utf8Parser.TryParse(header[(at + 15)..], out int body, out _)) throw new InvalidOperationException("The answer's length is not known.");
        return end + 4 + body;
    }
}
