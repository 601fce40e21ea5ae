using System.Net;

namespace BlueGreen.Router.Windows;

/// <summary>
/// An answer's body on its way to the client, of which a copy is looked at when its end has been reached: by then every byte before it
/// has been handed on, so the client waits for nothing.
/// </summary>
internal sealed class InspectedContent(HttpContent inner, AnswerInspection inspection) : HttpContent
{
    protected override async Task<Stream> CreateContentReadStreamAsync() => new InspectedStream(await inner.ReadAsStreamAsync(), inspection);

    protected override async Task<Stream> CreateContentReadStreamAsync(CancellationToken cancellationToken) =>
        new InspectedStream(await inner.ReadAsStreamAsync(cancellationToken), inspection);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => inner.CopyToAsync(stream, context);

    protected override bool TryComputeLength(out long length)
    {
        length = inner.Headers.ContentLength ?? 0;
        return inner.Headers.ContentLength is not null;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }
}
