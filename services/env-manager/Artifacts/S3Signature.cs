using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace BlueGreen.EnvManager.Artifacts;

/// <summary>AWS Signature Version 4 of a GET without a body. Source: AWS, "Signature Calculations for the Authorization Header".</summary>
internal static class S3Signature
{
    private const string Algorithm = "AWS4-HMAC-SHA256";

    /// <summary>SHA-256 of nothing.</summary>
    private const string EmptyPayload = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    /// <summary>Adds the headers that prove who asks. Every header that is to be protected must be there already.</summary>
    public static void Sign(HttpRequestMessage request, S3Options options, DateTimeOffset now)
    {
        var stamp = now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        request.Headers.TryAddWithoutValidation("x-amz-content-sha256", EmptyPayload);
        request.Headers.TryAddWithoutValidation("x-amz-date", stamp);
        if (options.SessionToken is { Length: > 0 } session) request.Headers.TryAddWithoutValidation("x-amz-security-token", session);

        var uri = request.RequestUri!;
        var headers = Signed(request, uri);
        var names = string.Join(';', headers.Keys);
        var canonical = string.Join('\n',
            "GET", uri.AbsolutePath, uri.Query.TrimStart('?'), string.Concat(headers.Select(header => $"{header.Key}:{header.Value}\n")), names, EmptyPayload);
        var scope = $"{stamp[..8]}/{options.Region}/s3/aws4_request";
        var text = $"{Algorithm}\n{stamp}\n{scope}\n{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        var signature = Convert.ToHexStringLower(Mac(Key(options, stamp[..8]), text));
        request.Headers.TryAddWithoutValidation(
            "Authorization", $"{Algorithm} Credential={options.AccessKey}/{scope},SignedHeaders={names},Signature={signature}");
    }

    private static SortedDictionary<string, string> Signed(HttpRequestMessage request, Uri uri)
    {
        var headers = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["host"] = uri.IsDefaultPort ? uri.Host : $"{uri.Host}:{uri.Port}" };
        foreach (var (name, values) in request.Headers) headers[name.ToLowerInvariant()] = string.Join(',', values).Trim();
        return headers;
    }

    private static byte[] Key(S3Options options, string date) =>
        Mac(Mac(Mac(Mac(Encoding.UTF8.GetBytes($"AWS4{options.SecretKey}"), date), options.Region), "s3"), "aws4_request");

    private static byte[] Mac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));
}
