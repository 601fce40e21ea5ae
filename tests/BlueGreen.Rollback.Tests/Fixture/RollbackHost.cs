using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using BlueGreen.Contracts;
using BlueGreen.Platform.Hosting;
using BlueGreen.Platform.Persistence;
using BlueGreen.Rollback.Alarms;
using BlueGreen.Rollback.Persistence;
using BlueGreen.Rollback.Rules;
using BlueGreen.Rollback.Sources;
using BlueGreen.Testing.Alarms;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Rollback.Tests.Fixture;

/// <summary>The rollback service on Kestrel, SQLite and the embedded bus, before fake routers; restartable on the same files.</summary>
internal sealed class RollbackHost : IAsyncDisposable
{
    public const string Token = AlarmSender.Token;

    private readonly string _folder = Directory.CreateTempSubdirectory("bluegreen-rollback-").FullName;
    private readonly Uri[] _routers;
    private WebApplication? _app;

    private RollbackHost(Uri[] routers) => _routers = routers;

    public Told Told { get; } = new();

    /// <summary>More configuration, for the next start.</summary>
    public Dictionary<string, string?> Settings { get; } = [];

    /// <summary>Signs as SNS; its certificate is the one that the service finds.</summary>
    public TestCertificates Certificates { get; } = new();
    public AlarmSender Sender => new(Certificates);
    public HttpClient Client { get; private set; } = null!;
    public string RuleFile => Path.Combine(_folder, "rollback", "alarm-rules.json");
    private IServiceStore<RollbackDbContext> Store => _app!.Services.GetRequiredService<IServiceStore<RollbackDbContext>>();
    private AlarmRules Rules => _app!.Services.GetRequiredService<AlarmRules>();

    /// <summary>Started, with alarms labelled <c>endpoint=fraud</c> bound to endpoint <c>fraud</c>.</summary>
    public static Task<RollbackHost> StartAsync(params Uri[] routers) => StartAsync(new Dictionary<string, string?>(), routers);

    public static async Task<RollbackHost> StartAsync(IReadOnlyDictionary<string, string?> settings, params Uri[] routers)
    {
        var host = new RollbackHost(routers);
        foreach (var (key, value) in settings) host.Settings[key] = value;
        await host.RunAsync();
        await host.ConfigureAsync("fraud", 1, Rule("any"));
        return host;
    }

    public static AlarmRule Rule(string source, TimeSpan wait = default) =>
        new() { Source = source, Labels = new Dictionary<string, string> { ["endpoint"] = "fraud" }, For = wait };

    /// <summary>Starts while neither database server nor broker answer: on their ports is nobody.</summary>
    public Task RunWithoutDatabaseAsync() => RunAsync(new()
    {
        ["BlueGreen:Database:Provider"] = "postgres",
        ["BlueGreen:Database:ConnectionString"] = "Host=127.0.0.1;Port=1;Database=gone;Username=nobody;Password=none;Timeout=1",
        ["BlueGreen:Bus:Transport"] = "rabbitmq",
        ["BlueGreen:Bus:Host"] = "amqp://nobody:none@127.0.0.1:1/",
    });

    public Task RunAsync() => RunAsync([]);

    private async Task RunAsync(Dictionary<string, string?> more)
    {
        var settings = new Dictionary<string, string?>
        {
            ["BlueGreen:DataDirectory"] = _folder,
            ["BlueGreen:Api:Token"] = "a-token-for-tests-only",
            ["BlueGreen:Work:MaxTries"] = "2",
            ["BlueGreen:Work:Poll"] = "00:00:00.100",
            ["BlueGreen:Work:Lease"] = "00:00:01",
            ["BlueGreen:Rollback:TellAfter"] = "00:00:02",
        };
        foreach (var (key, value) in AlarmSender.Settings) settings[key] = value;
        foreach (var (key, value) in Settings) settings[key] = value;
        for (var i = 0; i < _routers.Length; i++) settings[$"BlueGreen:Services:RouterUrls:{i}"] = _routers[i].ToString();
        _app = PlatformHost.Build(["--urls", "http://127.0.0.1:0"], [new RollbackService(), Told], builder =>
        {
            builder.Configuration.AddInMemoryCollection(settings).AddInMemoryCollection(more);
            builder.Logging.ClearProviders();
            builder.Services.AddSingleton<ISnsCertificates>(Certificates);
            builder.Services.AddSingleton<ISubscriptionConfirmations>(Told);
        });
        await _app.StartAsync(TestContext.Current.CancellationToken);
        Client = new HttpClient { BaseAddress = new Uri(_app.Urls.First()) };
    }

    public async Task StopAsync()
    {
        if (_app is null) return;
        Client.Dispose();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        _app = null;
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
    }

    public Task ConfigureAsync(string endpoint, long revision, params AlarmRule[] rules) => ConfigureAsync(endpoint, revision, [], rules);

    public async Task ConfigureAsync(string endpoint, long revision, IReadOnlyList<NotifyRule> notify, params AlarmRule[] rules)
    {
        await PublishAsync(new EndpointConfigured
        {
            Endpoint = endpoint,
            PolicyHash = new string('0', 64),
            Revision = revision,
            Path = $"/{endpoint}",
            Cutover = "fast",
            OnControlPlaneLoss = "serve-last",
            PromotionStage = "production",
            Alarms = rules,
            Notify = notify,
        });
        await Eventually.BecomesTrueAsync(() => Rules.All.Any(known => known.Endpoint == endpoint && known.Revision >= revision));
    }

    public Task PublishAsync<T>(T message) where T : class => Store.WriteAsync(async (transaction, token) =>
    {
        await transaction.PublishAsync(message, token);
        return true;
    }, TestContext.Current.CancellationToken);

    public Task LoseDatabaseAsync() => Store.WriteAsync(
        (transaction, token) => transaction.Db.Database.ExecuteSqlRawAsync("DROP TABLE rollback_alarms", token),
        TestContext.Current.CancellationToken);

    /// <summary>Waits until what was stored of alarms has been taken up again, as at every start.</summary>
    public async Task RecallAsync()
    {
        await Eventually.BecomesTrueAsync(() => Rules.All.Count > 0);
        await _app!.Services.GetRequiredService<AlarmMemory>().RecallFiringAsync(TestContext.Current.CancellationToken);
    }

    public void DeleteDatabase() => File.Delete(Path.Combine(_folder, "bluegreen.db"));

    public static JsonObject Alarm(string status = "firing") => new()
    {
        ["name"] = "errors-high",
        ["status"] = status,
        ["labels"] = new JsonObject { ["endpoint"] = "fraud" },
        ["reason"] = "3 % of requests fail",
    };

    public Task<Answer> SendAsync(JsonNode alarm) => SendAsync("generic", alarm.ToJsonString());

    public Task<Answer> SendAsync(string source, string body) => SendAsync(Sender.Request(source, Encoding.UTF8.GetBytes(body)));

    public async Task<Answer> SendAsync(HttpRequestMessage request)
    {
        using var sent = request;
        using var response = await Client.SendAsync(sent, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        if ((int)response.StatusCode >= 400) Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        return new Answer(
            (int)response.StatusCode, text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text), response.Headers.RetryAfter is not null);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Certificates.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}

/// <summary>What an alarm was answered.</summary>
internal sealed record Answer(int Status, JsonElement Json, bool SaysWhenToRetry)
{
    public string? Field => Json.TryGetProperty("field", out var name) ? name.GetString() : null;

    public IReadOnlyList<string> Decisions =>
        [.. Json.GetProperty("decisions").EnumerateArray().Select(decision => decision.GetProperty("decision").GetString()!)];

    public JsonElement First => Json.GetProperty("decisions")[0];
}
