using System.Net;
using BlueGreen.Platform.Inference;
using BlueGreen.Router.Capture;
using BlueGreen.Router.Mirroring;

namespace BlueGreen.Router.Windows;

/// <summary>
/// An answer's body on its way to the client, of which a copy is looked at when its end has been reached: by then every byte before it
/// has been handed on, so the client waits for nothing.
/// </summary>
internal sealed class InspectedContent(
    HttpContent inner, PredictionInspector inspector, TrafficWindow window, int status, CaptureTicket? capture, MirrorCapture? mirrored) : HttpContent
{
    /// <summary>Larger answers pass unseen.</summary>
    public const int MostBytes = 256 * 1024;

    public static bool Applies(HttpResponseMessage response)
    {
        if ((int)response.StatusCode is < 200 or > 299) return false;
        var headers = response.Content.Headers;
        if (headers.ContentLength is 0 or > MostBytes || headers.ContentEncoding.Count > 0) return false;
        return headers.ContentType?.MediaType is { } type && PredictionInspector.CanRead(type);
    }

    protected override async Task<Stream> CreateContentReadStreamAsync() =>
        new InspectedStream(await inner.ReadAsStreamAsync(), Inspect);

    protected override async Task<Stream> CreateContentReadStreamAsync(CancellationToken cancellationToken) =>
        new InspectedStream(await inner.ReadAsStreamAsync(cancellationToken), Inspect);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => inner.CopyToAsync(stream, context);

    protected override bool TryComputeLength(out long length)
    {
        length = inner.Headers.ContentLength ?? 0;
        return inner.Headers.ContentLength is not null;
    }

    private void Inspect(ReadOnlyMemory<byte> body)
    {
        // The copies first: the inspector may write into the body.
        var mediaType = inner.Headers.ContentType?.MediaType;
        mirrored?.Take(body, mediaType);
        capture?.Complete(status, body);
        if (window.WantsScore && inspector.Scores(body, mediaType, most: 1) is [{ } score]) window.KeepScore(score);
        if (inspector.OwesPrediction(body, mediaType)) window.CountNullPrediction();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }
}
