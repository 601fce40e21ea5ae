using System.Net.Http.Headers;
using System.Text;
using BlueGreen.Contracts;
using BlueGreen.Orchestrator.Persistence;
using BlueGreen.Orchestrator.Tests.Deployments.Fixture;
using BlueGreen.Platform.Hosting;
using BlueGreen.Platform.Persistence;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Orchestrator.Tests.Policies;

/// <summary>The orchestrator alone, on SQLite and the embedded bus, with an operator's client.</summary>
internal sealed class OrchestratorHost : IAsyncDisposable
{
    public const string Token = "a-token-for-tests-only";
    private readonly Transcript _heard = new();
    private WebApplication? _app;

    public string Folder { get; } = Directory.CreateTempSubdirectory("bluegreen-policies-").FullName;
    /// <summary>What the other services were told.</summary>
    public IReadOnlyList<EndpointConfigured> Heard => [.. _heard.Messages.OfType<EndpointConfigured>()];
    public HttpClient Operator { get; private set; } = null!;
    public IServiceStore<OrchestratorDbContext> Store => _app!.Services.GetRequiredService<IServiceStore<OrchestratorDbContext>>();

    public async Task<OrchestratorHost> StartAsync(Dictionary<string, string?>? settings = null)
    {
        _app = PlatformHost.Build(["--urls", "http://127.0.0.1:0"], [new OrchestratorService(), new ConfigurationListener(_heard)], builder =>
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

    /// <summary>Stands where router, rollback and registry listener are.</summary>
    private sealed class ConfigurationListener(Transcript transcript) : IPlatformService
    {
        public string Name => "listening";

        public void AddServices(IHostApplicationBuilder builder) => builder.Services.AddSingleton(transcript);

        public void AddConsumers(IBusRegistrationConfigurator bus) =>
            bus.AddConsumer<Recorder<EndpointConfigured>>().Endpoint(endpoint => endpoint.Name = "l-configured");

        public void MapEndpoints(IEndpointRouteBuilder endpoints)
        {
        }
    }
}
