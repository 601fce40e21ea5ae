using System.Collections;
using System.Globalization;
using BlueGreen.Platform.Webhooks;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace BlueGreen.RegistryListener.Sources.Identity;

/// <summary>
/// Verifies signed tokens of senders that have an identity of their own: signature, issuer, audience, times, and the claims that say who it is.
/// Source: RFC 7519 and RFC 8725, whose advice it follows (algorithms by list, no symmetric ones, keys from one pinned address).
/// </summary>
internal sealed class IdentityTokens(SigningKeys keys, TimeProvider clock)
{
    private const string Header = "Authorization";
    private const string Bearer = "Bearer ";
    private const int MaxLength = 16 * 1024;
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);
    private static readonly string[] Algorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];

    // Claims keep the names they have in the token.
    private readonly JsonWebTokenHandler _handler = new() { MaximumTokenSizeInBytes = MaxLength, MapInboundClaims = false };

    public async Task<Authentication> AuthenticateAsync(WebhookRequest request, IdentityOptions options, CancellationToken cancellationToken)
    {
        if (request.Headers.Authorization is not [{ } value] || !value.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
            return Authentication.Refuse(Header, "Send the token: `Authorization: Bearer …`.");
        var text = value[Bearer.Length..].Trim();
        if (Parsed(text) is not { } token) return Authentication.Refuse(Header, "It is no JSON Web Token.");
        if (await keys.GetAsync(options.Keys!, token.Kid, cancellationToken) is not { } known)
            return new Authentication.Unavailable("The issuer's keys cannot be had now; deliver it again.");
        var result = await _handler.ValidateTokenAsync(token, Parameters(options, known));
        if (!result.IsValid) return Authentication.Refuse(Header, $"The token is not taken: {Reason(result.Exception)}.");
        return Missing(result.Claims, options) is { } missing
            ? Authentication.Refuse(Header, $"The token's claim '{missing}' is not what this source asks for.")
            : new Authentication.Authentic(null);
    }

    private JsonWebToken? Parsed(string text)
    {
        if (text.Length > MaxLength || !_handler.CanReadToken(text)) return null;
        try
        {
            return _handler.ReadJsonWebToken(text);
        }
        catch (Exception exception) when (exception is ArgumentException or SecurityTokenException)
        {
            return null;
        }
    }

    private TokenValidationParameters Parameters(IdentityOptions options, IReadOnlyList<SecurityKey> known) => new()
    {
        ValidIssuer = options.Issuer,
        ValidAudience = options.Audience,
        IssuerSigningKeys = known,
        ValidAlgorithms = Algorithms,
        RequireSignedTokens = true,
        RequireExpirationTime = true,
        LifetimeValidator = (from, until, _, _) => IsTime(from, until),
        // A key that the token does not name is no reason to try them all.
        TryAllIssuerSigningKeys = false,
    };

    private bool IsTime(DateTime? from, DateTime? until)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        return until is { } end && now - Skew <= end && (from is not { } begin || begin <= now + Skew);
    }

    private static string? Missing(IDictionary<string, object> claims, IdentityOptions options)
    {
        if (options.Email is { Length: > 0 } email)
        {
            if (!Has(claims, "email", email)) return "email";
            if (!Has(claims, "email_verified", "true")) return "email_verified";
        }

        return options.Claims.FirstOrDefault(claim => !Has(claims, claim.Key, claim.Value)).Key;
    }

    private static bool Has(IDictionary<string, object> claims, string name, string wanted)
    {
        if (!claims.TryGetValue(name, out var value)) return false;
        return value is IEnumerable several and not string
            ? several.Cast<object?>().Any(one => Same(one, wanted))
            : Same(value, wanted);
    }

    private static bool Same(object? value, string wanted) => value switch
    {
        bool truth => (truth ? "true" : "false") == wanted,
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture) == wanted,
        _ => value?.ToString() == wanted,
    };

    /// <summary>For the sender's operator; the library's own texts repeat parts of the token.</summary>
    private static string Reason(Exception exception) => exception switch
    {
        SecurityTokenInvalidIssuerException => "another issuer",
        SecurityTokenInvalidAudienceException => "another audience",
        SecurityTokenInvalidLifetimeException or SecurityTokenExpiredException or SecurityTokenNotYetValidException or SecurityTokenNoExpirationException =>
            "it has expired, is not valid yet, or says no time",
        SecurityTokenInvalidAlgorithmException => "its algorithm is not allowed",
        SecurityTokenSignatureKeyNotFoundException => "the issuer has no such key",
        _ => "its signature does not verify",
    };
}
