using BlueGreen.Platform.Http;
using BlueGreen.Platform.Webhooks;
using Microsoft.Net.Http.Headers;

namespace BlueGreen.Rollback.Alarms;

/// <summary>Authentication of the sources that send a bearer token.</summary>
internal static class SourceToken
{
    /// <summary>Null when the request carries the token, else 401.</summary>
    public static FieldProblem? Check(WebhookRequest request, string token)
    {
        var header = request.Headers.Authorization;
        if (new BearerToken(token).IsPresentedBy(header)) return null;
        return new(StatusCodes.Status401Unauthorized, HeaderNames.Authorization, header.Count == 0
            ? "Send the source's token: `Authorization: Bearer <token>`."
            : "The token is not this source's.");
    }
}
