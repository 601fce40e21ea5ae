using BlueGreen.Contracts;
using BlueGreen.Platform.Hosting;
using BlueGreen.Platform.Persistence;
using BlueGreen.Rollback;
using BlueGreen.Rollback.Persistence;
using BlueGreen.Router;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Alerting.Tests.Fixture;

/// <summary>Router and rollback in one process, on Kestrel, SQLite and the embedded bus, with the endpoint <c>fraud</c>.</summary>
internal sealed class PlatformScene : IAsyncDisposable
{
    public const string Token = "a token for tests only";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private readonly WebApplication _app;

    private PlatformScene(WebApplication app, Heard heard, string folder, int control, int inference)
    {
        (_app, Heard, Folder, Control) = (app, heard, folder, control);
        Inference = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{inference}/fraud/") };
    }

    public Heard Heard { get; }
    public string Folder { get; }

    /// <summary>Port of alarms and metrics.</summary>
    public int Control { get; }
    public HttpClient Inference { get; }

    public static async Task<PlatformScene> StartAsync(
        IReadOnlyDictionary<string, string?>? settings = null, IReadOnlyList<NotifyRule>? notify = null)
    {
        var folder = Directory.CreateTempSubdirectory("bluegreen-alerting-").FullName;
        var (control, inference) = (SystemProcess.FreePort(), SystemProcess.FreePort());
        var heard = new Heard();
        var app = PlatformHost.Build(["--urls", $"http://127.0.0.1:{control}"], [new RouterService(), new RollbackService(), heard], builder =>
        {
            builder.Logging.ClearProviders();
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["BlueGreen:DataDirectory"] = folder,
                ["BlueGreen:Api:Token"] = "an-operators-token-for-tests",
                ["BlueGreen:Router:InferenceUrl"] = $"http://127.0.0.1:{inference}",
                ["BlueGreen:Rollback:Sources:alertmanager:Token"] = Token,
                ["BlueGreen:Work:Poll"] = "00:00:00.100",
            });
            builder.Configuration.AddInMemoryCollection(settings ?? new Dictionary<string, string?>());
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        var scene = new PlatformScene(app, heard, folder, control, inference);
        await scene.ConfigureAsync(notify ?? []);
        return scene;
    }

    public Task PublishAsync<T>(T message) where T : class =>
        _app.Services.GetRequiredService<IBus>().Publish(message, TestContext.Current.CancellationToken);

    /// <summary>Makes a server the live environment.</summary>
    public async Task<TrafficSwitched> SwitchAsync(ModelServer server, string version, long expectedEpoch)
    {
        var order = new SwitchTraffic
        {
            DeploymentId = Guid.NewGuid(),
            Attempt = 1,
            Endpoint = "fraud",
            ExpectedEpoch = expectedEpoch,
            Fleet = new Fleet
            {
                EnvironmentId = Guid.NewGuid(),
                Model = "fraud",
                Version = version,
                Protocol = "open-inference-v2",
                Replicas = [new Replica { Index = 0, Address = server.Address }],
            },
        };
        await PublishAsync(order);
        return await Heard.NextAsync<TrafficSwitched>(receipt => receipt.DeploymentId == order.DeploymentId);
    }

    public async ValueTask DisposeAsync()
    {
        Inference.Dispose();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(Folder, recursive: true);
    }

    private async Task ConfigureAsync(IReadOnlyList<NotifyRule> notify)
    {
        await PublishAsync(Configured(notify));
        // What comes before the endpoint is known to the service concerns an endpoint without rules.
        await Eventually.BecomesTrueAsync(
            () => _app.Services.GetRequiredService<IServiceStore<RollbackDbContext>>().ReadAsync(
                (db, ct) => db.Endpoints.AnyAsync(ct), TestContext.Current.CancellationToken),
            Limit, () => "The endpoint did not become known to the rollback service.");
    }

    private static EndpointConfigured Configured(IReadOnlyList<NotifyRule> notify) => new()
    {
        Endpoint = "fraud",
        PolicyHash = new string('0', 64),
        Revision = 1,
        Path = "/fraud",
        Cutover = "fast",
        OnControlPlaneLoss = "serve-last",
        PromotionStage = "production",
        Alarms = [new AlarmRule { Source = "alertmanager", Labels = new Dictionary<string, string> { ["endpoint"] = "fraud" } }],
        Notify = notify,
    };
}
