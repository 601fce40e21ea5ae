using BlueGreen.Platform.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace BlueGreen.Orchestrator.Blobs;

/// <summary>Upload and download of the files that policies refer to.</summary>
internal static class BlobEndpoints
{
    private const int LongestName = 200;

    public static void MapBlobs(this IEndpointRouteBuilder api)
    {
        var blobs = api.MapGroup("/blobs").WithTags("Blobs");
        blobs.MapPut("/{sha256}", PutAsync).WithName("PutBlob").WithSummary("Stores a file under the SHA-256 of its content.")
            .Accepts<Stream>("application/octet-stream", "*/*");
        blobs.MapGet("/{sha256}", GetAsync).WithName("GetBlob").WithSummary("The file with this SHA-256.");
    }

    private static async Task<IResult> PutAsync(
        string sha256, string? name, HttpContext http, BlobStore blobs, IOptions<BlobOptions> options, CancellationToken cancellationToken)
    {
        if (NotADigest(sha256) is { } problem) return problem;
        if (name is { Length: > LongestName } || name?.Any(char.IsControl) == true)
            return ProblemResults.Invalid(422, "name", $"A name has at most {LongestName} characters, none of them control characters.");

        var limit = options.Value.MaxBytes;
        // Our own limit is counted below, on the content alone; the server would count the chunks too.
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = null;
        var content = await LimitedBody.ReadAsync(http.Request, limit, cancellationToken);
        if (content is null) return ProblemResults.Invalid(413, "body", $"A blob has at most {limit} bytes (BlueGreen:Orchestrator:Blobs:MaxBytes).");

        var actual = BlobDigest.Of(content);
        if (actual != sha256)
            return ProblemResults.Invalid(422, "sha256", $"The {content.Length} bytes received have the SHA-256 {actual}, not {sha256}.");
        var created = await blobs.PutAsync(string.IsNullOrEmpty(name) ? sha256[..12] : name, content, cancellationToken);
        var stored = new BlobStored(sha256, content.Length);
        return created ? Results.Created($"/api/v1/blobs/{sha256}", stored) : Results.Ok(stored);
    }

    private static async Task<IResult> GetAsync(string sha256, HttpContext http, BlobStore blobs, CancellationToken cancellationToken)
    {
        if (NotADigest(sha256) is { } problem) return problem;
        if (await blobs.FindAsync(sha256, cancellationToken) is not { } row) return ProblemResults.NotFound($"There is no blob {sha256}.");
        http.Response.Headers.CacheControl = "private, max-age=31536000, immutable";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        return Results.Bytes(row.Content, "application/octet-stream", row.Name);
    }

    private static IResult? NotADigest(string sha256) => BlobDigest.IsValid(sha256)
        ? null
        : ProblemResults.Invalid(422, "sha256", "The path must end in a SHA-256: 64 lower-case hexadecimal digits.");
}

/// <param name="Sha256">Digest under which the blob is stored.</param>
/// <param name="Size">Bytes.</param>
internal sealed record BlobStored(string Sha256, long Size);
