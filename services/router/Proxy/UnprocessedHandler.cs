using System.Net;

namespace BlueGreen.Router.Proxy;

/// <summary>
/// Tells when an HTTP/2 request has not been processed: its stream was refused, or lay beyond the last one that the server said goodbye to
/// (RFC 9113, 8.7). The handler below would send such a request once more to the same server, but cannot: the body of a proxied request is a
/// stream. What it asks the body for then is answered with <see cref="UnprocessedException"/>, and the request may go elsewhere.
/// </summary>
internal sealed class UnprocessedHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Version.Major >= 2 && request.Content is { } content) request.Content = new OnceContent(content);
        return base.SendAsync(request, cancellationToken);
    }

    private sealed class OnceContent : HttpContent
    {
        private readonly HttpContent _content;
        private bool _isAskedFor;

        public OnceContent(HttpContent content)
        {
            _content = content;
            foreach (var (name, values) in content.Headers.NonValidated) Headers.TryAddWithoutValidation(name, values);
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            if (_isAskedFor) return Task.FromException(new UnprocessedException());
            _isAskedFor = true;
            return _content.CopyToAsync(stream, context, cancellationToken);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = _content.Headers.ContentLength ?? 0;
            return _content.Headers.ContentLength is not null;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing) _content.Dispose();
            base.Dispose(disposing);
        }
    }
}

/// <summary>The server has not begun to process the request.</summary>
internal sealed class UnprocessedException() : IOException("The model server refused the request before it processed any of it.");
