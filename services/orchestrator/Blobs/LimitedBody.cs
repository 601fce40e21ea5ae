namespace BlueGreen.Orchestrator.Blobs;

/// <summary>Reads request bodies that may not be longer than agreed.</summary>
internal static class LimitedBody
{
    /// <summary>The whole body, or null when it is longer than <paramref name="limit"/> bytes.</summary>
    public static async Task<byte[]?> ReadAsync(HttpRequest request, long limit, CancellationToken cancellationToken)
    {
        if (request.ContentLength > limit) return null;
        using var content = new MemoryStream((int)Math.Min(request.ContentLength ?? 0, limit));
        var buffer = new byte[64 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (content.Length + read > limit) return null;
            content.Write(buffer, 0, read);
        }

        return content.ToArray();
    }
}
