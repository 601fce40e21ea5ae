using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace BlueGreen.RegistryListener.Tests.Fixture;

/// <summary>An issuer of tokens that shows its public keys.</summary>
internal sealed class KeyServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Lock _turn = new();
    private readonly List<RsaSecurityKey> _keys = [];

    private KeyServer(WebApplication app) => _app = app;

    public Uri Url => new($"{_app.Urls.First()}/keys");

    /// <summary>True: every request is answered 503.</summary>
    public bool IsDown { get; set; }

    /// <summary>Times that the keys were asked for.</summary>
    public int Asked;

    public static async Task<KeyServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var server = new KeyServer(app);
        app.MapGet("/keys", server.Show);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    /// <summary>A key pair; its public half is shown unless it is <paramref name="hidden"/>.</summary>
    public RsaSecurityKey NewKey(string id, bool hidden = false)
    {
        var key = new RsaSecurityKey(RSA.Create(2048)) { KeyId = id };
        lock (_turn)
        {
            if (!hidden) _keys.Add(key);
        }

        return key;
    }

    public static string Token(SecurityKey key, Dictionary<string, object> claims, string algorithm = SecurityAlgorithms.RsaSha256) =>
        new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Claims = claims,
            SigningCredentials = new SigningCredentials(key, algorithm) { CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false } },
        });

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private IResult Show()
    {
        Interlocked.Increment(ref Asked);
        if (IsDown) return Results.StatusCode(503);
        lock (_turn)
        {
            return Results.Json(new { keys = _keys.ConvertAll(Public) });
        }
    }

    private static object Public(RsaSecurityKey key)
    {
        var numbers = key.Rsa.ExportParameters(includePrivateParameters: false);
        return new
        {
            kty = "RSA",
            use = "sig",
            alg = "RS256",
            kid = key.KeyId,
            n = Base64UrlEncoder.Encode(numbers.Modulus),
            e = Base64UrlEncoder.Encode(numbers.Exponent),
        };
    }
}
