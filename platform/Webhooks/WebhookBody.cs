using System.Buffers;
using System.Net.Mime;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace BlueGreen.Platform.Webhooks;

/// <summary>Reads a request's body up to a limit.</summary>
public static class WebhookBody
{
    private const int Chunk = 16 * 1024;

    /// <summary>The body, or the problem with it: 413 above <paramref name="maxBytes"/>, 400 when it breaks off.</summary>
    public static async Task<(ReadOnlyMemory<byte> Body, FieldProblem? Problem)> ReadAsync(
        HttpRequest request, int maxBytes, CancellationToken cancellationToken)
    {
        if (request.ContentLength > maxBytes) return (default, TooLarge(maxBytes));
        if (request.Headers.ContentEncoding.Count > 0)
            return (default, new(StatusCodes.Status415UnsupportedMediaType, "Content-Encoding", "Send the body uncompressed."));
        var content = new ArrayBufferWriter<byte>(Chunk);
        try
        {
            int read;
            while ((read = await request.Body.ReadAsync(content.GetMemory(Chunk), cancellationToken)) > 0)
            {
                content.Advance(read);
                if (content.WrittenCount > maxBytes) return (default, TooLarge(maxBytes));
            }
        }
        catch (BadHttpRequestException broken)
        {
            return (default, new(broken.StatusCode, "body", broken.Message));
        }

        return (content.WrittenMemory, null);
    }

    /// <summary>Null when the content type says JSON in UTF-8 (<c>application/json</c> or <c>application/*+json</c>), else 415.</summary>
    public static FieldProblem? RequireJson(HttpRequest request)
    {
        if (MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            && (type.MediaType.Equals(MediaTypeNames.Application.Json, StringComparison.OrdinalIgnoreCase) || IsJsonSuffix(type))
            && (!type.Charset.HasValue || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase)))
            return null;
        return new(StatusCodes.Status415UnsupportedMediaType, "Content-Type", "Send JSON in UTF-8 with `Content-Type: application/json`.");
    }

    private static bool IsJsonSuffix(MediaTypeHeaderValue type) =>
        type.Type.Equals("application", StringComparison.OrdinalIgnoreCase)
        && type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase);

    private static FieldProblem TooLarge(int maxBytes) =>
        new(StatusCodes.Status413PayloadTooLarge, "body", $"The body is larger than {maxBytes} bytes.");
}
