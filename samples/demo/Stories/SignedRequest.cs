using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace BlueGreen.Demo.Stories;

/// <summary>A delivery of the generic webhook, signed as a registry signs it: HMAC-SHA256 over <c>delivery.timestamp.body</c>.</summary>
internal static class SignedRequest
{
    /// <param name="listener">Control surface of the registry-listener.</param>
    /// <param name="delivery">Id of the delivery; a repetition keeps it.</param>
    /// <param name="body">JSON.</param>
    /// <param name="secret">Shared with the listener.</param>
    /// <param name="time">Now is when it is signed.</param>
    public static HttpRequestMessage Of(Uri listener, string delivery, byte[] body, string secret, TimeProvider time)
    {
        var timestamp = time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{delivery}.{timestamp}."), .. body];
        var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed);
        return new HttpRequestMessage(HttpMethod.Post, new Uri(listener, "webhooks/generic"))
        {
            Content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } },
            Headers =
            {
                { "X-BlueGreen-Delivery", delivery },
                { "X-BlueGreen-Timestamp", timestamp },
                { "X-BlueGreen-Signature", $"sha256={Convert.ToHexStringLower(signature)}" },
            },
        };
    }
}
