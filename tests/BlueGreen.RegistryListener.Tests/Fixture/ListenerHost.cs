using BlueGreen.Bench.Webhooks.Traffic;
using BlueGreen.Contracts;
using BlueGreen.Platform.Hosting;
using BlueGreen.Platform.Persistence;
using BlueGreen.RegistryListener.Persistence;
using BlueGreen.RegistryListener.Webhooks;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BlueGreen.RegistryListener.Tests.Fixture;

/// <summary>The registry listener on Kestrel, SQLite and the embedded bus, with endpoint <c>fraud</c> configured.</summary>
public sealed class ListenerHost : IAsyncLifetime
{
    public const string Secret = "a secret for tests only";
    public const string Stage = "production-candidate";

    /// <summary>Attributes that check options are shared by all hosts of a process, and set themselves up at their first check.</summary>
    private static readonly SemaphoreSlim Starting = new(1);

    private readonly string _folder = Directory.CreateTempSubdirectory("bluegreen-registry-listener-").FullName;
    private WebApplication? _app;

    /// <summary>What a test wants otherwise.</summary>
    internal Dictionary<string, string?> Settings { get; init; } = [];

    internal Promotions Promotions { get; } = new();
    internal HttpClient Client { get; private set; } = null!;
    internal IServiceStore<RegistryListenerDbContext> Store => _app!.Services.GetRequiredService<IServiceStore<RegistryListenerDbContext>>();

    public async ValueTask InitializeAsync()
    {
        _app = PlatformHost.Build(["--urls", "http://127.0.0.1:0"], [new RegistryListenerService(), Promotions], builder =>
        {
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["BlueGreen:DataDirectory"] = _folder,
                ["BlueGreen:Api:Token"] = "a-token-for-tests-only",
                ["BlueGreen:RegistryListener:Sources:generic:Secret"] = Secret,
            });
            builder.Configuration.AddInMemoryCollection(Registries());
            builder.Configuration.AddInMemoryCollection(Settings);
            builder.Logging.ClearProviders();
        });
        await Starting.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            await _app.StartAsync(TestContext.Current.CancellationToken);
        }
        finally
        {
            Starting.Release();
        }

        Client = new HttpClient { BaseAddress = new Uri(_app.Urls.First()) };
        await ConfigureAsync("fraud", Stage, 1);
        await Eventually.BecomesTrueAsync(async () => await StageOfAsync("fraud") == Stage);
    }

    private static Dictionary<string, string?> Registries()
    {
        var settings = new Dictionary<string, string?>();
        foreach (var source in Samples.Sources.Where(source => source != "generic"))
        {
            settings[$"BlueGreen:RegistryListener:Sources:{source}:Secret"] = SentWebhook.SecretOf(source);
            settings[$"BlueGreen:RegistryListener:Sources:{source}:Models:mapped-by-options"] = "fraud";
        }

        foreach (var source in (string[])["azureml", "vertex", "huggingface", "wandb"])
            settings[$"BlueGreen:RegistryListener:Sources:{source}:Artifact"] = "https://models.example/{model}/{version}.zip";
        settings["BlueGreen:RegistryListener:Sources:elsewhere:Format"] = "generic";
        settings["BlueGreen:RegistryListener:Sources:elsewhere:Authentication"] = "token";
        settings["BlueGreen:RegistryListener:Sources:elsewhere:Secret"] = SentWebhook.SecretOf("elsewhere");
        settings["BlueGreen:RegistryListener:Sources:elsewhere:Pointers:Model"] = "/subject/model~1name";
        settings["BlueGreen:RegistryListener:Sources:elsewhere:Pointers:Version"] = "/subject/versions/0";
        settings["BlueGreen:RegistryListener:Sources:elsewhere:Pointers:Stage"] = "/to";
        settings["BlueGreen:RegistryListener:Sources:elsewhere:Pointers:ArtifactUri"] = "/subject/file";
        return settings;
    }

    internal WebhookReceiver Receiver => _app!.Services.GetRequiredService<WebhookReceiver>();
    internal IServiceProvider Services => _app!.Services;

    internal Task<List<Delivery>> DeliveriesOfAsync(string source) => Store.ReadAsync(
        (db, token) => db.Deliveries.Where(row => row.Source == source).OrderBy(row => row.ReceivedAt).ToListAsync(token),
        TestContext.Current.CancellationToken);

    internal Task ConfigureAsync(string endpoint, string stage, long revision, params RegistryRule[] registries) => Store.WriteAsync(async (transaction, token) =>
    {
        await transaction.PublishAsync(new EndpointConfigured
        {
            Endpoint = endpoint,
            PolicyHash = new string('0', 64),
            Revision = revision,
            Path = $"/{endpoint}",
            Cutover = "fast",
            OnControlPlaneLoss = "serve-last",
            PromotionStage = stage,
            Registries = registries,
            Alarms = [],
        }, token);
        return true;
    }, TestContext.Current.CancellationToken);

    internal Task PublishAsync<T>(T message) where T : class => Store.WriteAsync(async (transaction, token) =>
    {
        await transaction.PublishAsync(message, token);
        return true;
    }, TestContext.Current.CancellationToken);

    internal Task<string?> StageOfAsync(string endpoint) => Store.ReadAsync(
        async (db, token) => (await db.Endpoints.SingleOrDefaultAsync(row => row.Name == endpoint, token))?.PromotionStage,
        TestContext.Current.CancellationToken);

    internal Task<int> DeliveriesAsync() => Store.ReadAsync(
        (db, token) => db.Deliveries.CountAsync(token), TestContext.Current.CancellationToken);

    internal Task LoseDatabaseAsync() => Store.WriteAsync(
        (transaction, token) => transaction.Db.Database.ExecuteSqlRawAsync("DROP TABLE registry_listener_deliveries", token),
        TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (_app is not null)
        {
            await _app.StopAsync(CancellationToken.None);
            await _app.DisposeAsync();
        }

        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }
}
