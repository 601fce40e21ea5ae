using System.Net.Http.Headers;
using System.Text;
using BlueGreen.Orchestrator.Persistence;
using BlueGreen.Platform.Hosting;
using BlueGreen.Platform.Persistence;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Orchestrator.Tests.Policies;

/// <summary>The orchestrator alone, on SQLite and the embedded bus, with an operator's client.</summary>
internal sealed class OrchestratorHost : IAsyncDisposable
{
    public const string Token = "a-token-for-tests-only";
    private WebApplication? _app;

    public string Folder { get; } = Directory.CreateTempSubdirectory("bluegreen-policies-").FullName;
    public HttpClient Operator { get; private set; } = null!;
    public IServiceStore<OrchestratorDbContext> Store => _app!.Services.GetRequiredService<IServiceStore<OrchestratorDbContext>>();

    public async Task<OrchestratorHost> StartAsync(Dictionary<string, string?>? settings = null)
    {
        _app = PlatformHost.Build(["--urls", "http://127.0.0.1:0"], [new OrchestratorService()], builder =>
        {
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["BlueGreen:DataDirectory"] = Path.Combine(Folder, "data"),
                ["BlueGreen:Api:Token"] = Token,
            });
            builder.Configuration.AddInMemoryCollection(settings ?? []);
            builder.Logging.ClearProviders();
        });
        await _app.StartAsync(TestContext.Current.CancellationToken);
        Operator = new HttpClient { BaseAddress = new Uri(_app.Urls.First()) };
        Operator.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        return this;
    }

    public async Task StopAsync()
    {
        Operator?.Dispose();
        if (_app is null) return;
        await _app.StopAsync();
        await _app.DisposeAsync();
        _app = null;
    }

    public Task<HttpResponseMessage> PutAsync(string path, string text, string type = "application/yaml") =>
        Operator.PutAsync(new Uri(path, UriKind.Relative), new StringContent(text, Encoding.UTF8, type), TestContext.Current.CancellationToken);

    public Task<HttpResponseMessage> GetAsync(string path) =>
        Operator.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(Folder, recursive: true);
    }
}
