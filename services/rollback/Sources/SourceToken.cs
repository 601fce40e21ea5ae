using System.Security.Cryptography;
using System.Text;
using BlueGreen.Platform.Webhooks;
using Microsoft.Net.Http.Headers;

namespace BlueGreen.Rollback.Sources;

/// <summary>Authentication of the sources that present a token.</summary>
internal static class SourceToken
{
    private const string QueryName = "token";
    private const string Bearer = "Bearer ";
    private const string Basic = "Basic ";

    /// <summary>Null when no token is asked for or the request carries it, else 401.</summary>
    /// <param name="request">The request.</param>
    /// <param name="options">The source's options.</param>
    /// <param name="alsoInQuery">For systems that can send no headers of their own.</param>
    public static FieldProblem? Check(WebhookRequest request, AlarmSourceOptions options, bool alsoInQuery = false)
    {
        if (options.Token.Length == 0) return null;
        var presented = Presented(request, options, alsoInQuery);
        if (presented is not null && IsSame(presented, options.Token)) return null;
        var header = options.TokenHeader.Length > 0 ? options.TokenHeader : HeaderNames.Authorization;
        return new(StatusCodes.Status401Unauthorized, header, presented is null ? Remedy(options, alsoInQuery) : "The token is not this source's.");
    }

    private static string Remedy(AlarmSourceOptions options, bool alsoInQuery)
    {
        var way = options.TokenHeader.Length > 0
            ? $"`{options.TokenHeader}: <token>`"
            : "`Authorization: Bearer <token>`, or as the password of basic authentication";
        return $"Send the source's token: {way}{(alsoInQuery ? ", or as the query's `token`." : ".")}";
    }

    private static string? Presented(WebhookRequest request, AlarmSourceOptions options, bool alsoInQuery)
    {
        var carrier = options.TokenHeader.Length > 0 ? options.TokenHeader : HeaderNames.Authorization;
        if (request.Headers.TryGetValue(carrier, out var values) && values is [{ Length: > 0 } header])
            return options.TokenHeader.Length > 0 ? header.Trim() : OfScheme(header, options.User);
        return alsoInQuery && request.Query.TryGetValue(QueryName, out var token) && token is [{ Length: > 0 } text] ? text : null;
    }

    private static string OfScheme(string header, string user)
    {
        if (header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)) return header[Bearer.Length..].Trim();
        if (!header.StartsWith(Basic, StringComparison.OrdinalIgnoreCase)) return "";
        var decoded = new byte[header.Length];
        if (!Convert.TryFromBase64String(header[Basic.Length..].Trim(), decoded, out var length)) return "";
        var pair = Encoding.UTF8.GetString(decoded, 0, length).Split(':', 2);
        return pair.Length == 2 && (user.Length == 0 || IsSame(pair[0], user)) ? pair[1] : "";
    }

    // Digests of equal length are compared, in constant time: neither the secret's length nor a common prefix can be measured.
    private static bool IsSame(string presented, string secret) => CryptographicOperations.FixedTimeEquals(
        SHA256.HashData(Encoding.UTF8.GetBytes(presented)), SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
