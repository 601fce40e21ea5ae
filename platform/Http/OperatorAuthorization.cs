using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;

namespace BlueGreen.Platform.Http;

/// <summary>Closes endpoints to everybody but operators.</summary>
public static class OperatorAuthorization
{
    internal static AuthorizationPolicy Policy { get; } =
        new AuthorizationPolicyBuilder(OperatorAuthentication.SchemeName).RequireRole(OperatorAuthentication.Role).Build();

    /// <summary>Asks for the operator's bearer token; without it the answer is 401 before the body is read.</summary>
    public static TBuilder RequireOperator<TBuilder>(this TBuilder endpoints) where TBuilder : IEndpointConventionBuilder =>
        endpoints.RequireAuthorization(Policy);
}
