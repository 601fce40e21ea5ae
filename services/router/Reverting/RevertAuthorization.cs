using BlueGreen.Platform.Http;
using Microsoft.Extensions.Options;

namespace BlueGreen.Router.Reverting;

/// <summary>Lets the operator's token and the break-glass token pass; both are checked in memory.</summary>
internal sealed class RevertAuthorization(IOptions<ApiOptions> api, IOptions<RouterOptions> router) : IEndpointFilter
{
    private readonly BearerToken[] _tokens = new[] { api.Value.Token, router.Value.BreakGlassToken }
        .Where(secret => !string.IsNullOrEmpty(secret)).Select(secret => new BearerToken(secret!)).ToArray();

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var presented = context.HttpContext.Request.Headers.Authorization;
        // Both are compared every time, so that the time taken does not say which one was close.
        var isAllowed = _tokens.Aggregate(false, (allowed, token) => token.IsPresentedBy(presented) | allowed);
        if (isAllowed) return await next(context);
        context.HttpContext.Response.Headers.WWWAuthenticate = "Bearer realm=\"bluegreen\"";
        return ProblemResults.Invalid(
            StatusCodes.Status401Unauthorized, "Authorization", "Send `Authorization: Bearer <token>` with the operator's or the break-glass token.");
    }
}
