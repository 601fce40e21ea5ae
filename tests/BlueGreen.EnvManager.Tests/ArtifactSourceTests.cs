using System.Security.Cryptography;
using BlueGreen.Contracts;
using BlueGreen.EnvManager.Artifacts;
using BlueGreen.EnvManager.Tests.Fixture;
using BlueGreen.Platform.Hosting;
using BlueGreen.Platform.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace BlueGreen.EnvManager.Tests;

public sealed class ArtifactSourceTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("bluegreen-artifact-sources-").FullName;
    private ArtifactServer _server = null!;
    private ServiceProvider _services = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;
    private ArtifactStore Store => _services.GetRequiredService<ArtifactStore>();
    private string Digest => Convert.ToHexStringLower(SHA256.HashData(_server.Model));

    public async ValueTask InitializeAsync()
    {
        _server = await ArtifactServer.StartAsync();
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.Configure<PlatformOptions>(options => options.DataDirectory = _folder);
        services.AddLogging();
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<DataFolders>();
        services.AddSingleton(typeof(KeyedTurns<>));
        EnvManagerService.AddArtifacts(services);
        services.Configure<EnvManagerOptions>(options =>
        {
            options.ArtifactOrigins.Add(_server.Url.AbsoluteUri);
            options.ArtifactCacheLimitBytes = 1_000_000;
        });
        services.Configure<MlflowOptions>(options => (options.Url, options.Token) = (_server.Url, "a-registry-token"));
        services.Configure<S3Options>(options =>
            (options.Endpoint, options.AccessKey, options.SecretKey) = (_server.Url, ArtifactServer.AccessKey, ArtifactServer.SecretKey));
        services.Configure<GcsOptions>(options =>
            (options.Endpoint, options.AccessKey, options.SecretKey) = (_server.Url, ArtifactServer.AccessKey, ArtifactServer.SecretKey));
        _services = services.BuildServiceProvider();
    }

    [Fact]
    public async Task Download_ThatIsCutOffAgainAndAgain_GoesOnWhereItStopped()
    {
        var outcome = await GetAsync(new Uri(_server.Url, "flaky.zip").AbsoluteUri);

        Assert.Null(outcome.Problem);
        Assert.Equal(_server.Model, await File.ReadAllBytesAsync(outcome.Path!, Token));
        Assert.Equal("0", _server.Requests.First());
        Assert.True(_server.Requests.Count is > 1 and < 10, string.Join(", ", _server.Requests));
        Assert.All(_server.Requests.Skip(1), from => Assert.NotEqual("0", from));
    }

    [Fact]
    public async Task Download_LeftByAnEarlierProcess_GoesOnOrBeginsAgainAsTheDigestSays()
    {
        var part = Path.Combine(_services.GetRequiredService<DataFolders>().ArtifactDownloads, ArtifactDownload.NameOf(Digest));
        await File.WriteAllBytesAsync(part, _server.Model[..300_000], Token);
        Assert.Null((await GetAsync(new Uri(_server.Url, "flaky.zip").AbsoluteUri)).Problem);
        Assert.Equal(["300000"], _server.Requests);

        File.Delete(Path.Combine(_services.GetRequiredService<DataFolders>().Artifacts, Digest));
        await File.WriteAllBytesAsync(part, new byte[300_000], Token);
        var again = await GetAsync(new Uri(_server.Url, "flaky.zip").AbsoluteUri);
        Assert.Equal(_server.Model, await File.ReadAllBytesAsync(again.Path!, Token));
    }

    [Theory]
    [InlineData("s3://models/fraud/7/model.zip", "/models/fraud/7/model.zip")]
    [InlineData("s3://models/a b/ü+%25.zip", "/models/a%20b/%C3%BC%2B%25.zip")]
    public async Task S3_Object_IsFetchedWithASignature(string uri, string path)
    {
        var outcome = await GetAsync(uri);
        Assert.Null(outcome.Problem);
        Assert.Equal([path], _server.Requests);
    }

    [Theory]
    [InlineData("gs://models/fraud/7/model.zip", "/models/fraud/7/model.zip")]
    [InlineData("gs://models/a b/ü+%25.zip", "/models/a%20b/%C3%BC%2B%25.zip")]
    public async Task Gcs_Object_IsFetchedWithAnHmacKey(string uri, string path)
    {
        Assert.Null((await GetAsync(uri)).Problem);
        Assert.Equal([path], _server.Requests);
    }

    [Fact]
    public async Task Gcs_Object_IsFetchedWithTheMachinesTokenWhichIsAskedForOnce()
    {
        _services.GetRequiredService<Microsoft.Extensions.Options.IOptions<GcsOptions>>().Value.TokenUrl = new Uri(_server.Url, "token");

        Assert.Null((await GetAsync("gs://my_models.example/fraud.zip")).Problem);
        File.Delete(Path.Combine(_services.GetRequiredService<DataFolders>().Artifacts, Digest));
        Assert.Null((await GetAsync("gs://my_models.example/fraud.zip")).Problem);

        Assert.Equal(["token", "/my_models.example/fraud.zip", "/my_models.example/fraud.zip"], _server.Requests);
    }

    [Fact]
    public async Task Gcs_TokenThatCannotBeHad_IsTriedAgain()
    {
        _services.GetRequiredService<Microsoft.Extensions.Options.IOptions<GcsOptions>>().Value.TokenUrl = new Uri(_server.Url, "nothing-here");

        var outcome = await GetAsync("gs://models/fraud.zip");

        Assert.True(outcome.Retryable);
        Assert.Contains("nothing-here answered 404", outcome.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("s3://models/missing", "404")]
    [InlineData("s3://models/", "s3://bucket/key")]
    [InlineData("mlflow-artifacts:/0/two", "a.zip, b.zip")]
    [InlineData("mlflow-artifacts:/0/empty#/", "nothing in it")]
    [InlineData("mlflow-artifacts:/0/../../etc", "names no artifact")]
    [InlineData("mlflow-artifacts://elsewhere/0/run7", "elsewhere")]
    [InlineData("models:/unknown/7", "404")]
    [InlineData("models:/fraud", "models:/name/version")]
    [InlineData("gs://models/missing", "404")]
    [InlineData("gs://models/", "gs://bucket/object")]
    [InlineData("gs://models/../other/fraud.zip", "gs://bucket/object")]
    [InlineData("gs://Models@evil/fraud.zip", "gs://bucket/object")]
    [InlineData("ftp://models/fraud.zip", "ftp")]
    public async Task Artifact_ThatCannotBeHad_IsRefusedWithTheReason(string uri, string reason)
    {
        var outcome = await GetAsync(uri);
        Assert.Contains(reason, outcome.Problem, StringComparison.Ordinal);
        Assert.False(outcome.Retryable);
    }

    [Theory]
    [InlineData("mlflow-artifacts:/0/run7/artifacts/model", "0/run7/artifacts/model/model.zip")]
    [InlineData("mlflow-artifacts:/0/two#b.zip", "0/two/b.zip")]
    [InlineData("models:/fraud%20model/7", "0/run7/artifacts/model/model.zip")]
    [InlineData("models:/fraud%20model/7#other.zip", "0/run7/artifacts/model/other.zip")]
    public async Task Mlflow_Version_IsLookedUpAndFetched(string uri, string path)
    {
        var outcome = await GetAsync(uri);
        Assert.Null(outcome.Problem);
        Assert.Equal([path], _server.Requests);
    }

    [Theory]
    [InlineData("models:/fraud%20model/7", "model.zip")]
    [InlineData("models:/fraud%20model/7#data/b.zip", "data/b.zip")]
    public async Task Databricks_Version_IsFetchedFromTheAddressThatItSigns(string uri, string path)
    {
        _server.DownloadUri = "dbfs:/databricks/mlflow-registry/4d2a/models/model";
        var outcome = await GetAsync(uri);
        Assert.Null(outcome.Problem);
        Assert.Equal([path], _server.Requests);
        Assert.Equal(_server.Model, await File.ReadAllBytesAsync(outcome.Path!, Token));
    }

    [Theory]
    [InlineData("models:/fraud%20model/7#moved.zip", "no https address")]
    [InlineData("models:/fraud%20model/7#missing.txt", "404")]
    public async Task Databricks_FileThatCannotBeHad_IsRefusedWithTheReason(string uri, string reason)
    {
        _server.DownloadUri = "dbfs:/databricks/mlflow-registry/4d2a/models/model";
        var outcome = await GetAsync(uri);
        Assert.Contains(reason, outcome.Problem, StringComparison.Ordinal);
        Assert.False(outcome.Retryable);
    }

    [Fact]
    public async Task Databricks_WholeFolder_IsPacked()
    {
        _server.DownloadUri = "dbfs:/databricks/mlflow-registry/4d2a/models/model";
        var reference = new ArtifactReference { Uri = new Uri("models:/fraud%20model/7#/"), Sha256 = "" };

        var outcome = await Store.GetAsync(reference, ["serve", UnpackedArtifact.Placeholder], Token);

        Assert.Null(outcome.Problem);
        var folder = UnpackedArtifact.FolderOf(outcome.Path!);
        Assert.Equal(
            ["MLmodel", "conda.yaml", "data/a.zip", "data/b.zip", "model.zip"],
            Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(folder, path)).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("mlflow-artifacts:/0/whole#/")]
    [InlineData("models:/fraud%20model/7#/")]
    public async Task Mlflow_WholeFolder_IsPackedTheSameEveryTimeAndUnpacked(string uri)
    {
        _server.DownloadUri = "mlflow-artifacts:/0/whole";
        var reference = new ArtifactReference { Uri = new Uri(uri), Sha256 = "" };
        string[] command = ["serve", UnpackedArtifact.Placeholder];

        var first = await Store.GetAsync(reference, command, Token);
        var second = await Store.GetAsync(reference, command, Token);

        Assert.Null(first.Problem);
        Assert.Equal(first.Sha256, second.Sha256);
        var folder = UnpackedArtifact.FolderOf(first.Path!);
        Assert.Equal(
            ["b.zip", "inner/a.zip"],
            Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(folder, path)).Order(StringComparer.Ordinal));
        Assert.Equal(_server.Model, await File.ReadAllBytesAsync(Path.Combine(folder, "inner", "a.zip"), Token));
    }

    [Theory]
    [InlineData("models:/m-1", "0/models/m-1/artifacts/model.zip")]
    [InlineData("s3://models/fraud.zip", "/models/fraud.zip")]
    public async Task Mlflow_VersionKeptElsewhere_IsFollowed(string kept, string path)
    {
        _server.DownloadUri = kept;
        Assert.Null((await GetAsync("models:/fraud%20model/7")).Problem);
        Assert.Equal([path], _server.Requests);
    }

    [Fact]
    public async Task Artifact_WithoutAPromisedDigest_IsTakenAsItCameAndItsDigestTold()
    {
        var outcome = await Store.GetAsync(new ArtifactReference { Uri = new Uri("models:/fraud%20model/7"), Sha256 = "" }, Token);
        Assert.Equal(Digest, outcome.Sha256);
        Assert.EndsWith(Digest, outcome.Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cache_OverItsLimit_ForgetsWhatWasLongestUnused()
    {
        var digests = new List<string>();
        for (var age = 3; age > 0; age--)
        {
            _server.Model = RandomNumberGenerator.GetBytes(400_000);
            digests.Add(Digest);
            var path = (await GetAsync("s3://models/x.zip")).Path!;
            File.SetLastWriteTimeUtc(path, TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(-age));
        }

        await Store.EvictAsync(new HashSet<string> { digests[0] }, DateTimeOffset.MinValue, Token);

        var kept = Directory.GetFiles(_services.GetRequiredService<DataFolders>().Artifacts).Select(Path.GetFileName);
        Assert.Equal(new[] { digests[0], digests[2] }.Order(), kept.Order());
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private Task<ArtifactOutcome> GetAsync(string uri) => Store.GetAsync(new ArtifactReference { Uri = new Uri(uri), Sha256 = Digest }, Token);
}
