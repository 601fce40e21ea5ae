using System.Collections.Frozen;
using Microsoft.Net.Http.Headers;

namespace BlueGreen.Router.Direct;

/// <summary>What becomes of a header on its way through.</summary>
internal enum HeaderKind
{
    Copied,

    /// <summary>Between two neighbours only (RFC 9110, 7.6.1), or ours alone to say.</summary>
    Dropped,
    ContentLength,
    TransferEncoding,
    Connection,
    ContentType,
    ContentEncoding,

    /// <summary>A request that has it is not for the direct way.</summary>
    NotPlain,
}

/// <summary>Kinds of headers by name.</summary>
internal static class HeaderKinds
{
    private static readonly string[] Hops =
    [
        HeaderNames.KeepAlive, "Proxy-Connection", "Proxy-Authenticate", "Proxy-Authentication-Info", "Proxy-Authorization", "Proxy-Features",
        "Proxy-Instruction", "Security-Scheme", "ALPN", "Close", HeaderNames.TE, HeaderNames.AltSvc,
    ];

    private static readonly FrozenDictionary<string, HeaderKind> OfAnswers = Kinds(
        [.. Hops, HeaderNames.Upgrade],
        (HeaderNames.ContentLength, HeaderKind.ContentLength), (HeaderNames.TransferEncoding, HeaderKind.TransferEncoding),
        (HeaderNames.Connection, HeaderKind.Connection), (HeaderNames.ContentType, HeaderKind.ContentType),
        (HeaderNames.ContentEncoding, HeaderKind.ContentEncoding));

    private static readonly FrozenDictionary<string, HeaderKind> OfRequests = Kinds(
        [.. Hops, HeaderNames.Host, HeaderNames.ContentLength, Proxy.InferenceProxy.PreviewHeader, Proxy.RouteTransformer.MirrorHeader],
        (HeaderNames.TransferEncoding, HeaderKind.NotPlain), (HeaderNames.Expect, HeaderKind.NotPlain), (HeaderNames.Upgrade, HeaderKind.NotPlain),
        (HeaderNames.Trailer, HeaderKind.NotPlain), (HeaderNames.TE, HeaderKind.NotPlain), (HeaderNames.Connection, HeaderKind.Connection));

    public static HeaderKind OfAnswer(string name) => OfAnswers.GetValueOrDefault(name);

    public static HeaderKind OfRequest(string name) => OfRequests.GetValueOrDefault(name);

    private static FrozenDictionary<string, HeaderKind> Kinds(string[] dropped, params (string Name, HeaderKind Kind)[] others)
    {
        var kinds = new Dictionary<string, HeaderKind>(StringComparer.OrdinalIgnoreCase);
        foreach (var name in dropped) kinds[name] = HeaderKind.Dropped;
        foreach (var (name, kind) in others) kinds[name] = kind;
        return kinds.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }
}
