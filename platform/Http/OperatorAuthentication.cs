using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BlueGreen.Platform.Http;

/// <summary>Authenticates the operator by the bearer token of <see cref="ApiOptions"/>; answers 401 as problem+json.</summary>
internal sealed class OperatorAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, IOptionsMonitor<ApiOptions> api)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "BlueGreen.Operator";
    public const string Role = "operator";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        // Not a failure when it is another token: models behind the router have bearer tokens of their own, and failures are logged.
        var header = Request.Headers.Authorization;
        if (header.Count == 0 || !new BearerToken(api.CurrentValue.Token).IsPresentedBy(header))
            return Task.FromResult(AuthenticateResult.NoResult());

        var identity = new ClaimsIdentity(
            [new Claim(ClaimTypes.Name, Role), new Claim(ClaimTypes.Role, Role)], SchemeName);
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName)));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer realm=\"bluegreen\"";
        var detail = Request.Headers.Authorization.Count == 0
            ? "This needs the operator's token: send `Authorization: Bearer <token>`."
            : "The token in the Authorization header is not the operator's.";
        return ProblemResults.Invalid(StatusCodes.Status401Unauthorized, "Authorization", detail).ExecuteAsync(Context);
    }
}
