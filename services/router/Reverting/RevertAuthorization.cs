using BlueGreen.Platform.Http;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;

namespace BlueGreen.Router.Reverting;

/// <summary>Lets the operator's token and the break-glass token pass, before the body is read; both are checked in memory.</summary>
internal static class RevertAuthorization
{
    private static readonly AuthorizationPolicy Policy = new AuthorizationPolicyBuilder()
        .RequireAssertion(context => context.Resource is HttpContext request && IsAllowed(request)).Build();

    public static void RequireRevertToken(this RouteHandlerBuilder endpoint) => endpoint.RequireAuthorization(Policy);

    private static bool IsAllowed(HttpContext request)
    {
        var api = request.RequestServices.GetRequiredService<IOptions<ApiOptions>>().Value.Token;
        var breakGlass = request.RequestServices.GetRequiredService<IOptions<RouterOptions>>().Value.BreakGlassToken;
        var presented = request.Request.Headers.Authorization;
        return new BearerToken(api).IsPresentedBy(presented)
            | (!string.IsNullOrEmpty(breakGlass) && new BearerToken(breakGlass).IsPresentedBy(presented));
    }
}
