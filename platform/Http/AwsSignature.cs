using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace BlueGreen.Platform.Http;

/// <summary>AWS Signature Version 4 of a request with a body and no query (docs.aws.amazon.com, "Signing AWS API requests").</summary>
public static class AwsSignature
{
    private const string Algorithm = "AWS4-HMAC-SHA256";

    /// <summary>Adds the date and the signature; every header that is there already is protected by it, a session token's too.</summary>
    public static void Sign(
        HttpRequestMessage request, byte[] body, string accessKey, string secretKey, string region, string service, DateTimeOffset at)
    {
        var stamp = at.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var scope = $"{stamp[..8]}/{region}/{service}/aws4_request";
        request.Headers.Add("X-Amz-Date", stamp);
        var (names, headers) = Headers(request);
        var canonical = $"{request.Method}\n{request.RequestUri!.AbsolutePath}\n\n{headers}\n{names}\n{Hash(body)}";
        var signing = new[] { stamp[..8], region, service, "aws4_request" }
            .Aggregate(Encoding.UTF8.GetBytes("AWS4" + secretKey), (key, part) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part)));
        var text = $"{Algorithm}\n{stamp}\n{scope}\n{Hash(Encoding.UTF8.GetBytes(canonical))}";
        var signature = Convert.ToHexStringLower(HMACSHA256.HashData(signing, Encoding.UTF8.GetBytes(text)));
        request.Headers.TryAddWithoutValidation(
            "Authorization", $"{Algorithm} Credential={accessKey}/{scope}, SignedHeaders={names}, Signature={signature}");
    }

    private static (string Names, string Lines) Headers(HttpRequestMessage request)
    {
        var headers = request.Headers.Concat(request.Content!.Headers.Where(header => header.Key == "Content-Type"))
            .ToDictionary(header => header.Key.ToLowerInvariant(), header => string.Join(',', header.Value).Trim());
        headers["host"] = request.RequestUri!.IsDefaultPort ? request.RequestUri.Host : $"{request.RequestUri.Host}:{request.RequestUri.Port}";
        var ordered = headers.OrderBy(header => header.Key, StringComparer.Ordinal).ToArray();
        return (string.Join(';', ordered.Select(header => header.Key)), string.Concat(ordered.Select(header => $"{header.Key}:{header.Value}\n")));
    }

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
