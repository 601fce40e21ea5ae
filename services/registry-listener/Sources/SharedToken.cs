using System.Text;
using BlueGreen.Platform.Webhooks;

namespace BlueGreen.RegistryListener.Sources;

/// <summary>
/// For senders that cannot sign: the source's secret itself, as <c>Authorization: Bearer</c>, as the password of <c>Authorization: Basic</c>,
/// as <c>X-Api-Key</c> or, for those that can send no header either, as <c>?token=</c> (CloudEvents calls it <c>access_token</c>).
/// </summary>
internal static class SharedToken
{
    private const string Bearer = "Bearer ";
    private const string Basic = "Basic ";

    public static Authentication Authenticate(WebhookRequest request, SourceOptions options)
    {
        // All of them are compared, whichever is right: the time taken says nothing.
        var isKnown = false;
        foreach (var presented in Presented(request)) isKnown |= WebhookSignature.IsSameText(options.Secret, presented);
        return isKnown
            ? new Authentication.Authentic(null)
            : Authentication.Refuse("Authorization", "Send the source's secret: `Authorization: Bearer …`, `X-Api-Key: …` or `?token=…`.");
    }

    private static IEnumerable<string> Presented(WebhookRequest request)
    {
        foreach (var value in request.Headers.Authorization)
        {
            if (value is null) continue;
            if (value.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)) yield return value[Bearer.Length..].Trim();
            else if (value.StartsWith(Basic, StringComparison.OrdinalIgnoreCase)) yield return Password(value[Basic.Length..].Trim());
        }

        foreach (var value in request.Headers["X-Api-Key"].Concat(request.Query["token"]).Concat(request.Query["access_token"]))
        {
            if (!string.IsNullOrEmpty(value)) yield return value;
        }
    }

    private static string Password(string encoded)
    {
        var bytes = new byte[encoded.Length];
        if (!Convert.TryFromBase64String(encoded, bytes, out var length)) return "";
        var pair = Encoding.UTF8.GetString(bytes, 0, length);
        return pair[(pair.IndexOf(':', StringComparison.Ordinal) + 1)..];
    }
}
