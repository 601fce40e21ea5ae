using System.Security.Cryptography;
using BlueGreen.Contracts;
using BlueGreen.EnvManager.Artifacts;
using BlueGreen.Platform.Hosting;
using CsCheck;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BlueGreen.EnvManager.Tests;

public sealed class ArtifactStoreTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("bluegreen-artifacts-").FullName;
    private readonly byte[] _model = RandomNumberGenerator.GetBytes(300_000);
    private int _requests;
    private WebApplication? _server;

    private static CancellationToken Token => TestContext.Current.CancellationToken;
    private string Origin => _server!.Urls.First();

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _server = builder.Build();
        _server.MapGet("/model.zip", () =>
        {
            Interlocked.Increment(ref _requests);
            return Results.Bytes(_model);
        });
        _server.MapGet("/moved", () => Results.Redirect("/model.zip"));
        _server.MapGet("/away", () => Results.Redirect("http://169.254.169.254/latest/meta-data"));
        _server.MapGet("/busy", () => Results.StatusCode(503));
        await _server.StartAsync(Token);
    }

    [Theory]
    [InlineData("/model.zip")]
    [InlineData("/moved")]
    public async Task Fetching_OverHttp_VerifiesAndKeepsIt(string path)
    {
        using var services = Services(Origin);
        var store = services.GetRequiredService<ArtifactStore>();

        var first = await store.GetAsync(Reference(path), Token);
        var second = await store.GetAsync(Reference(path), Token);

        Assert.Equal(_model, await File.ReadAllBytesAsync(first.Path!, Token));
        Assert.Equal(first.Path, second.Path);
        Assert.Equal(1, _requests);
    }

    [Fact]
    public async Task Fetching_ManyAtOnce_FetchesOnce()
    {
        using var services = Services(Origin);
        var store = services.GetRequiredService<ArtifactStore>();

        var all = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => store.GetAsync(Reference("/model.zip"), Token)));

        Assert.All(all, outcome => Assert.NotNull(outcome.Path));
        Assert.Equal(1, _requests);
    }

    [Fact]
    public async Task Fetching_KeptFileHasRotted_FetchesAnew()
    {
        using var services = Services(Origin);
        var store = services.GetRequiredService<ArtifactStore>();
        var path = (await store.GetAsync(Reference("/model.zip"), Token)).Path!;
        await File.WriteAllTextAsync(path, "rot", Token);

        var again = await store.GetAsync(Reference("/model.zip"), Token);

        Assert.Equal(_model, await File.ReadAllBytesAsync(again.Path!, Token));
    }

    [Theory]
    [InlineData("/missing", false, "404")]
    [InlineData("/busy", true, "503")]
    [InlineData("/away", false, "169.254.169.254")]
    public async Task Fetching_ServerDoesNotGiveIt_SaysWhyAndWhetherToRetry(string path, bool retryable, string reason)
    {
        using var services = Services(Origin);

        var outcome = await services.GetRequiredService<ArtifactStore>().GetAsync(Reference(path), Token);

        Assert.Null(outcome.Path);
        Assert.Equal(retryable, outcome.Retryable);
        Assert.Contains(reason, outcome.Problem);
    }

    [Fact]
    public async Task Fetching_OriginIsNotAllowed_IsRefusedWithoutARequest()
    {
        using var services = Services("http://models.example.com");

        var outcome = await services.GetRequiredService<ArtifactStore>().GetAsync(Reference("/model.zip"), Token);

        Assert.False(outcome.Retryable);
        Assert.Contains("BlueGreen:EnvManager:ArtifactOrigins", outcome.Problem);
        Assert.Equal(0, _requests);
    }

    [Fact]
    public async Task Fetching_NobodyListens_IsRetryable()
    {
        await _server!.StopAsync(Token);
        using var services = Services(Origin);

        Assert.True((await services.GetRequiredService<ArtifactStore>().GetAsync(Reference("/model.zip"), Token)).Retryable);
    }

    [Fact]
    public async Task Fetching_LargerThanAllowed_IsRefusedAndLeavesNothing()
    {
        using var services = Services(Origin, limit: 299_999);

        var outcome = await services.GetRequiredService<ArtifactStore>().GetAsync(Reference("/model.zip"), Token);

        Assert.False(outcome.Retryable);
        Assert.Contains("299999", outcome.Problem);
        Assert.Empty(Directory.GetFiles(_folder, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Fetching_WrongDigest_IsRefusedAndLeavesNothing()
    {
        using var services = Services(Origin);

        var outcome = await services.GetRequiredService<ArtifactStore>()
            .GetAsync(Reference("/model.zip") with { Sha256 = new string('0', 64) }, Token);

        Assert.False(outcome.Retryable);
        Assert.Empty(Directory.GetFiles(_folder, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Fetching_FileOutsideTheAllowedFolders_IsRefused()
    {
        using var services = Services(Origin, folder: "/srv/models");
        var store = services.GetRequiredService<ArtifactStore>();
        foreach (var path in new[] { "/etc/hostname", "/srv/models/../../etc/hostname", "/srv/models-2/x" })
        {
            var outcome = await store.GetAsync(Reference("/") with { Uri = new Uri($"file://{path}") }, Token);
            Assert.Contains("ArtifactFolders", outcome.Problem);
        }
    }

    [Fact]
    public void Fetching_DigestThatIsNone_NeverBecomesAPath() => Gen.String.Sample(text =>
    {
        using var services = Services(Origin);
        var outcome = services.GetRequiredService<ArtifactStore>()
            .GetAsync(Reference("/model.zip") with { Sha256 = $"../{text}" }, Token).GetAwaiter().GetResult();
        return outcome is { Path: null, Retryable: false };
    }, iter: 50);

    [Theory]
    [InlineData("https://models.example.com", "https://models.example.com/a/b.zip", true)]
    [InlineData("https://models.example.com", "http://models.example.com/a/b.zip", false)]
    [InlineData("https://models.example.com", "https://models.example.com:8443/b.zip", false)]
    [InlineData("https://models.example.com", "https://models.example.com.evil.org/b.zip", false)]
    [InlineData("https://*.example.com", "https://eu.models.example.com/b.zip", true)]
    [InlineData("https://*.example.com", "https://evilexample.com/b.zip", false)]
    [InlineData("https://*.example.com", "https://user@evil.org/.example.com", false)]
    public void Origins_Match_SchemeHostAndPort(string origin, string address, bool allowed)
    {
        using var services = Services(origin);

        Assert.Equal(allowed, services.GetRequiredService<ArtifactOrigins>().Allows(new Uri(address)));
    }

    public async ValueTask DisposeAsync()
    {
        await _server!.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private ArtifactReference Reference(string path) => new()
    {
        Uri = new Uri($"{Origin}{path}"),
        Sha256 = Convert.ToHexStringLower(SHA256.HashData(_model)),
    };

    private ServiceProvider Services(string origin, long limit = 1 << 20, string? folder = null)
    {
        var services = new ServiceCollection();
        services.Configure<PlatformOptions>(options => options.DataDirectory = _folder);
        services.Configure<EnvManagerOptions>(options =>
        {
            options.ArtifactOrigins.Add(origin);
            options.ArtifactSizeLimitBytes = limit;
            if (folder is not null) options.ArtifactFolders.Add(folder);
        });
        services.AddLogging();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<DataFolders>();
        services.AddSingleton(typeof(KeyedTurns<>));
        EnvManagerService.AddArtifacts(services);
        return services.BuildServiceProvider();
    }
}
