using System.Net.Sockets;
using BlueGreen.Router.Direct;
using BlueGreen.Router.Proxy;
using Microsoft.Extensions.Options;

namespace BlueGreen.Router.Mirroring;

/// <summary>What was answered to a copy.</summary>
/// <param name="Status">0: nothing was.</param>
/// <param name="MediaType">Of the body.</param>
/// <param name="Body">As much of it as is read.</param>
internal readonly record struct CopyAnswer(int Status, string? MediaType, ReadOnlyMemory<byte> Body);

/// <summary>A copy that is ready to be sent, one way or the other.</summary>
/// <param name="Plain">The short way.</param>
/// <param name="Message">The general way.</param>
internal readonly record struct PreparedCopy(PlainRequest? Plain, HttpRequestMessage? Message);

/// <summary>Makes copies of requests and sends them: the short way where the request is of the kind that goes it, else by the general client.</summary>
internal sealed class CopySender(UpstreamClient upstream, DirectCopy direct, IOptions<RouterOptions> options, TimeProvider clock)
{
    private static readonly HashSet<string> NotCopied = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Content-Length", "Expect", "Host", "Keep-Alive", "Proxy-Authorization", "Proxy-Connection", "TE", "Trailer",
        "Transfer-Encoding", "Upgrade", InferenceProxy.PreviewHeader, RouteTransformer.MirrorHeader,
    };

    private readonly long _mostBytes = options.Value.MirrorMaxBytes;
    private readonly TimeSpan _timeout = options.Value.MirrorTimeout;

    public PreparedCopy Prepare(HttpContext context, RouteTransformer route, byte[] body) =>
        direct.Prepare(context, route, body) is { } plain ? new PreparedCopy(plain, null) : new PreparedCopy(null, MessageOf(context, route, body));

    /// <summary>Never fails: no answer is a finding, too.</summary>
    public async Task<CopyAnswer> SendAsync(PreparedCopy copy, UpstreamReplica replica)
    {
        try
        {
            return copy.Plain is { } plain ? await direct.SendAsync(plain, replica) : await SendAsync(copy.Message!);
        }
        catch (Exception exception) when (exception is
            HttpRequestException or IOException or SocketException or ObjectDisposedException or InvalidDataException or OperationCanceledException)
        {
            return default;
        }
        finally
        {
            copy.Plain?.Release();
            copy.Message?.Dispose();
        }
    }

    private static HttpRequestMessage MessageOf(HttpContext context, RouteTransformer route, byte[] body)
    {
        var message = new HttpRequestMessage(HttpMethod.Parse(context.Request.Method), route.AddressOf(context.Request))
        {
            Version = System.Net.HttpVersion.Version11,
            Content = new ByteArrayContent(body),
        };
        foreach (var (name, values) in context.Request.Headers)
        {
            if (NotCopied.Contains(name)) continue;
            if (!message.Headers.TryAddWithoutValidation(name, values.AsEnumerable())) message.Content.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
        }

        message.Headers.TryAddWithoutValidation(RouteTransformer.MirrorHeader, "1");
        return message;
    }

    private async Task<CopyAnswer> SendAsync(HttpRequestMessage message)
    {
        using var limit = new CancellationTokenSource(_timeout, clock);
        using var response = await upstream.Invoker.SendAsync(message, limit.Token);
        await using var body = await response.Content.ReadAsStreamAsync(limit.Token);
        using var buffer = new MemoryStream();
        var piece = new byte[8192];
        // At most as much as a request may have: what is longer is read no further.
        while (buffer.Length < _mostBytes && await body.ReadAsync(piece, limit.Token) is var read and > 0) buffer.Write(piece, 0, read);
        return new CopyAnswer((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType, buffer.ToArray());
    }
}
