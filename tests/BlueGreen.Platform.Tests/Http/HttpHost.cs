using BlueGreen.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BlueGreen.Platform.Tests.Http;

/// <summary>A process with the platform's HTTP side alone; it is its own orchestrator.</summary>
internal sealed class HttpHost : IAsyncDisposable
{
    public const string Token = "a-token-for-tests-only";
    private readonly WebApplication _app;

    private HttpHost(WebApplication app, string folder) => (_app, Folder) = (app, folder);

    public string Folder { get; }
    public Uri Url => new(_app.Urls.First());
    public IBlobs Blobs => _app.Services.GetRequiredService<IBlobs>();

    public static async Task<HttpHost> StartAsync(Action<WebApplication> map, Dictionary<string, string?>? settings = null)
    {
        var folder = Directory.CreateTempSubdirectory("bluegreen-http-").FullName;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["BlueGreen:DataDirectory"] = folder,
            ["BlueGreen:Api:Token"] = Token,
        });
        builder.Configuration.AddInMemoryCollection(settings ?? []);
        builder.AddPlatformHttp();
        var app = builder.Build();
        map(app);
        await app.StartAsync(TestContext.Current.CancellationToken);
        app.Services.GetRequiredService<IOptions<ServiceAddresses>>().Value.OrchestratorUrl = new Uri(app.Urls.First());
        return new HttpHost(app, folder);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}
