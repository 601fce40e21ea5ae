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
        // All of them are compared, whichever is right: gateways add an Authorization of their own.
        var presented = Presented(request, options, alsoInQuery).ToList();
        var isKnown = false;
        foreach (var credential in presented) isKnown |= WebhookSignature.IsSameText(options.Token, credential);
        if (isKnown) return null;
        var header = options.TokenHeader.Length > 0 ? options.TokenHeader : HeaderNames.Authorization;
        return new(StatusCodes.Status401Unauthorized, header, presented.Count == 0 ? Remedy(options, alsoInQuery) : "The token is not this source's.");
    }

    private static string Remedy(AlarmSourceOptions options, bool alsoInQuery)
    {
        var way = options.TokenHeader.Length > 0
            ? $"`{options.TokenHeader}: <token>`"
            : "`Authorization: Bearer <token>`, or as the password of basic authentication";
        return $"Send the source's token: {way}{(alsoInQuery ? ", or as the query's `token`." : ".")}";
    }

    private static IEnumerable<string> Presented(WebhookRequest request, AlarmSourceOptions options, bool alsoInQuery)
    {
        var carrier = options.TokenHeader.Length > 0 ? options.TokenHeader : HeaderNames.Authorization;
        foreach (var header in request.Headers[carrier])
            if (header is { Length: > 0 }) yield return options.TokenHeader.Length > 0 ? header.Trim() : OfScheme(header, options.User);
        if (!alsoInQuery) yield break;
        foreach (var text in request.Query[QueryName])
            if (text is { Length: > 0 }) yield return text;
    }

    private static string OfScheme(string header, string user)
    {
        if (header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)) return header[Bearer.Length..].Trim();
        if (!header.StartsWith(Basic, StringComparison.OrdinalIgnoreCase)) return "";
        var decoded = new byte[header.Length];
        if (!Convert.TryFromBase64String(header[Basic.Length..].Trim(), decoded, out var length)) return "";
        var pair = Encoding.UTF8.GetString(decoded, 0, length).Split(':', 2);
        return pair.Length == 2 && (user.Length == 0 || WebhookSignature.IsSameText(user, pair[0])) ? pair[1] : "";
    }
}
