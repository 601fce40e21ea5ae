using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace BlueGreen.Router.Drivers.Tests.Alb;

/// <summary>Signature Version 4 as the service checks it: from the request as it arrived. Written from AWS's description, apart from the signer.</summary>
internal static partial class SignatureCheck
{
    /// <returns>AWS's error code; null: the signature is good.</returns>
    public static string? Problem(HttpRequest request, byte[] body, string accessKey, string secretKey, string region, string service, DateTimeOffset now)
    {
        if (Form().Match(request.Headers.Authorization.ToString()) is not { Success: true } match) return "IncompleteSignature";
        var scope = match.Groups["scope"].Value.Split('/');
        if (match.Groups["key"].Value != accessKey) return "InvalidClientTokenId";
        var stamp = request.Headers["X-Amz-Date"].ToString();
        if (!DateTimeOffset.TryParseExact(stamp, "yyyyMMddTHHmmssZ", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)) return "IncompleteSignature";
        if ((now - at).Duration() > TimeSpan.FromMinutes(5)) return "RequestExpired";
        if (scope is not [var day, var where, var what, "aws4_request"] || day != stamp[..8] || where != region || what != service) return "SignatureDoesNotMatch";

        var names = match.Groups["names"].Value.Split(';');
        if (!names.Contains("host") || !names.Contains("x-amz-date") || !names.SequenceEqual(names.Order(StringComparer.Ordinal))) return "SignatureDoesNotMatch";
        if (request.Headers.ContainsKey("X-Amz-Security-Token") && !names.Contains("x-amz-security-token")) return "SignatureDoesNotMatch";
        var text = new StringBuilder().Append(request.Method).Append('\n').Append(request.Path.Value).Append("\n\n");
        foreach (var name in names) text.Append(name).Append(':').Append(request.Headers[name].ToString().Trim()).Append('\n');
        text.Append('\n').AppendJoin(';', names).Append('\n').Append(Hex(SHA256.HashData(body)));
        var toSign = $"AWS4-HMAC-SHA256\n{stamp}\n{match.Groups["scope"].Value}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))}";

        var key = Encoding.UTF8.GetBytes("AWS4" + secretKey);
        foreach (var part in scope) key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        var expected = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(toSign));
        return CryptographicOperations.FixedTimeEquals(expected, Convert.FromHexString(match.Groups["signature"].Value)) ? null : "SignatureDoesNotMatch";
    }

    private static string Hex(byte[] bytes) => Convert.ToHexString(bytes).ToLowerInvariant();

    [GeneratedRegex("^AWS4-HMAC-SHA256 Credential=(?<key>[^/]+)/(?<scope>[^,]+), ?SignedHeaders=(?<names>[^,]+), ?Signature=(?<signature>[0-9a-f]{64})$")]
    private static partial Regex Form();
}
