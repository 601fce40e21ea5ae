using System.Text;
using BlueGreen.Bench.Webhooks.Traffic;
using BlueGreen.RegistryListener.Tests.Fixture;
using Microsoft.IdentityModel.Tokens;

namespace BlueGreen.RegistryListener.Tests.Sources;

public sealed class IdentityTokenTests : IAsyncLifetime
{
    private const string Issuer = "https://accounts.google.com";
    private const string Audience = "https://bluegreen.example/webhooks/vertex";
    private const string Sender = "push@project.iam.gserviceaccount.com";
    private int _number;
    private KeyServer _keys = null!;
    private ListenerHost _host = null!;
    private RsaSecurityKey _key = null!;

    public async ValueTask InitializeAsync()
    {
        _keys = await KeyServer.StartAsync();
        _key = _keys.NewKey("first");
        _host = new ListenerHost { Settings = Settings(_keys.Url) };
        await _host.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _keys.DisposeAsync();
    }

    [Fact]
    public async Task PubSub_WithItsServiceAccountsToken_IsBelieved()
    {
        var reply = await SendAsync(KeyServer.Token(_key, Claims()));

        Assert.Equal(202, reply.Status);
        Assert.Equal(202, (await SendAsync(KeyServer.Token(_key, Claims()))).Status);
        Assert.Equal(1, _keys.Asked);
    }

    [Fact]
    public async Task EventGrid_WithItsRole_IsBelieved()
    {
        Dictionary<string, object> claims = new(Claims())
        {
            ["iss"] = "https://sts.example/tenant",
            ["aud"] = "api://bluegreen",
            ["roles"] = new[] { "Other", "AzureEventGridSecureWebhookSubscriber" },
        };
        var id = NextId();
        var (body, type) = Samples.Promotion("azureml", "fraud", id, id, TimeProvider.System.GetUtcNow());
        var webhook = new SentWebhook { Source = "azureml", Body = Encoding.UTF8.GetBytes(body.ToJsonString()), ContentType = type };

        Assert.Equal(202, (await _host.SendAsync(With(webhook, KeyServer.Token(_key, claims)))).Status);
        claims["roles"] = "Other";
        Assert.Equal((401, "Authorization"), await RefusedAsync(With(webhook, KeyServer.Token(_key, claims))));
    }

    [Fact]
    public async Task TamperedTwins_OfAGoodToken_AreRefused()
    {
        var good = KeyServer.Token(_key, Claims()).Split('.');
        var other = KeyServer.Token(_key, new(Claims()) { ["email"] = "eve@example.com" }).Split('.');
        var none = Base64UrlEncoder.Encode("""{"alg":"none","kid":"first"}""");
        var publicText = Encoding.UTF8.GetBytes(Convert.ToBase64String(_key.Rsa.ExportSubjectPublicKeyInfo()));
        string[] forged =
        [
            $"{good[0]}.{other[1]}.{good[2]}",
            $"{good[0]}.{good[1]}.",
            $"{good[0]}.{good[1]}.{other[2]}",
            $"{none}.{good[1]}.",
            $"{none}.{good[1]}.{good[2]}",
            KeyServer.Token(_keys.NewKey("first", hidden: true), Claims()),
            KeyServer.Token(_keys.NewKey("unknown", hidden: true), Claims()),
            KeyServer.Token(new RsaSecurityKey(_key.Rsa), Claims()),
            KeyServer.Token(new SymmetricSecurityKey(publicText) { KeyId = "first" }, Claims(), SecurityAlgorithms.HmacSha256),
            "", "a.b.c", "..", new string('a', 20_000), $"{good[0]}.{good[1]}",
        ];

        Assert.Equal(202, (await SendAsync(string.Join('.', good))).Status);
        foreach (var token in forged) Assert.Equal((401, "Authorization"), await RefusedAsync(Webhook(token)));
    }

    [Theory]
    [InlineData("iss", "https://accounts.google.com.evil.example")]
    [InlineData("aud", "https://somebody.else/webhooks/vertex")]
    [InlineData("email", "eve@project.iam.gserviceaccount.com")]
    [InlineData("email_verified", false)]
    [InlineData("exp", -120)]
    [InlineData("nbf", 120)]
    [InlineData("exp", null)]
    [InlineData("iss", null)]
    [InlineData("aud", null)]
    [InlineData("email", null)]
    [InlineData("email_verified", null)]
    public async Task Token_OfTheIssuerButNotForThis_IsRefused(string claim, object? value)
    {
        var claims = Claims();
        if (value is null) claims.Remove(claim);
        else claims[claim] = value is int seconds ? Seconds(seconds) : value;

        Assert.Equal((401, "Authorization"), await RefusedAsync(Webhook(KeyServer.Token(_key, claims))));
    }

    [Fact]
    public async Task SharedSecret_WhereATokenIsAskedFor_IsRefused()
    {
        var id = NextId();
        var (body, type) = Samples.Promotion("vertex", "fraud", id, id, TimeProvider.System.GetUtcNow());
        var bare = SentWebhook.Signed("vertex", Encoding.UTF8.GetBytes(body.ToJsonString()), TimeProvider.System.GetUtcNow(), type);

        Assert.Equal((401, "Authorization"), await RefusedAsync(bare));
        Assert.Equal((401, "Authorization"), await RefusedAsync(bare with { Headers = new Dictionary<string, string> { ["Authorization"] = $"Bearer {SentWebhook.SecretOf("vertex")}" } }));
        Assert.Equal((401, "Authorization"), await RefusedAsync(bare with { Query = $"?token={KeyServer.Token(_key, Claims())}" }));
    }

    [Fact]
    public async Task NewKey_OfTheIssuer_IsFetchedOnceTheOldSetDoesNotHaveIt()
    {
        Assert.Equal(202, (await SendAsync(KeyServer.Token(_key, Claims()))).Status);
        var next = _keys.NewKey("second");

        // An unknown key is looked for now and then, not at every token.
        await Eventually.BecomesTrueAsync(async () => (await SendAsync(KeyServer.Token(next, Claims()))).Status == 202);

        Assert.Equal(2, _keys.Asked);
    }

    [Fact]
    public async Task Keys_CannotBeHad_IsAnswered503UntilTheyCan()
    {
        _keys.IsDown = true;

        var reply = await SendAsync(KeyServer.Token(_key, Claims()));

        Assert.Equal(503, reply.Status);
        Assert.NotNull(reply.Headers.RetryAfter);
        _keys.IsDown = false;
        await Eventually.BecomesTrueAsync(async () => (await SendAsync(KeyServer.Token(_key, Claims()))).Status == 202);
    }

    [Theory]
    [InlineData("vertex", "Audience", null)]
    [InlineData("vertex", "Email", null)]
    [InlineData("vertex", "Issuer", null)]
    [InlineData("vertex", "KeysUrl", "http://keys.example/")]
    [InlineData("vertex", "OutcomeUrl", "https://outcomes.example/")]
    [InlineData("mlflow", "Issuer", Issuer)]
    public void Options_ThatWouldLetTooManyIn_AreRefused(string source, string changed, string? value)
    {
        var settings = new SourceSettings(source, changed, value).Build();

        Assert.True(new RegistryListenerOptions.Validator().Validate(null, settings).Failed);
        Assert.False(new RegistryListenerOptions.Validator().Validate(null, new SourceSettings("vertex", "", null).Build()).Failed);
    }

    private sealed record SourceSettings(string Source, string Changed, string? Value)
    {
        public RegistryListenerOptions Build()
        {
            var source = new BlueGreen.RegistryListener.Sources.SourceOptions();
            source.Identity.Issuer = Changed == "Issuer" ? Value : Issuer;
            source.Identity.Audience = Changed == "Audience" ? Value : Audience;
            source.Identity.Email = Changed == "Email" ? Value : Sender;
            if (Changed == "KeysUrl") source.Identity.KeysUrl = new Uri(Value!);
            if (Changed == "OutcomeUrl") source.OutcomeUrl = new Uri(Value!);
            return new RegistryListenerOptions { Sources = { [Source] = source } };
        }
    }

    private static Dictionary<string, string?> Settings(Uri keys)
    {
        const string Sources = "BlueGreen:RegistryListener:Sources";
        return new()
        {
            [$"{Sources}:vertex:Identity:Issuer"] = Issuer,
            [$"{Sources}:vertex:Identity:Audience"] = Audience,
            [$"{Sources}:vertex:Identity:Email"] = Sender,
            [$"{Sources}:vertex:Identity:KeysUrl"] = keys.AbsoluteUri,
            [$"{Sources}:azureml:Secret"] = "",
            [$"{Sources}:azureml:Identity:Issuer"] = "https://sts.example/tenant",
            [$"{Sources}:azureml:Identity:Audience"] = "api://bluegreen",
            [$"{Sources}:azureml:Identity:KeysUrl"] = keys.AbsoluteUri,
            [$"{Sources}:azureml:Identity:Claims:roles"] = "AzureEventGridSecureWebhookSubscriber",
        };
    }

    private static Dictionary<string, object> Claims() => new()
    {
        ["iss"] = Issuer,
        ["aud"] = Audience,
        ["email"] = Sender,
        ["email_verified"] = true,
        ["iat"] = Seconds(-10),
        ["exp"] = Seconds(600),
    };

    private static long Seconds(int fromNow) => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + fromNow;

    private string NextId() => $"{Interlocked.Increment(ref _number)}";

    private Task<Reply> SendAsync(string token) => _host.SendAsync(Webhook(token));

    private async Task<(int Status, string? Field)> RefusedAsync(SentWebhook webhook)
    {
        var reply = await _host.SendAsync(webhook);
        return (reply.Status, reply.Field);
    }

    private SentWebhook Webhook(string token)
    {
        var id = NextId();
        var (body, type) = Samples.Promotion("vertex", "fraud", id, id, TimeProvider.System.GetUtcNow());
        return With(new SentWebhook { Source = "vertex", Body = Encoding.UTF8.GetBytes(body.ToJsonString()), ContentType = type }, token);
    }

    private static SentWebhook With(SentWebhook webhook, string token) =>
        webhook with { Headers = new Dictionary<string, string> { ["Authorization"] = $"Bearer {token}" } };
}
