using System.Security.Cryptography;
using BlueGreen.Contracts;
using BlueGreen.EnvManager.Drivers;
using BlueGreen.EnvManager.Drivers.Processes;
using BlueGreen.EnvManager.Environments;
using BlueGreen.EnvManager.Persistence;
using BlueGreen.Platform.Hosting;
using BlueGreen.Platform.Persistence;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BlueGreen.EnvManager.Tests.Fixture;

/// <summary>Env-manager on SQLite and the embedded bus, restartable on the same files; ends with everything it started.</summary>
internal sealed class EnvManagerHost : IAsyncDisposable
{
    public const string Token = "a-token-for-tests-only";

    private readonly Dictionary<string, string?> _settings;
    private readonly TimeProvider? _time;
    private WebApplication? _app;

    public EnvManagerHost(Dictionary<string, string?>? settings = null, TimeProvider? time = null)
    {
        _time = time;
        _settings = new Dictionary<string, string?>
        {
            ["BlueGreen:DataDirectory"] = Path.Combine(Folder, "data"),
            ["BlueGreen:Api:Token"] = Token,
            ["BlueGreen:Work:Lease"] = "00:00:02",
            ["BlueGreen:EnvManager:ReapInterval"] = "00:00:00.100",
            ["BlueGreen:EnvManager:WatchInterval"] = "00:00:00.050",
            ["BlueGreen:EnvManager:HealthInterval"] = "00:00:00.200",
            ["BlueGreen:EnvManager:ReferenceSettleTime"] = "00:00:00.100",
        };
        foreach (var (key, value) in settings ?? []) _settings[key] = value;
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("bluegreen-env-manager-").FullName;
    public string DataDirectory => Path.Combine(Folder, "data");
    public Outcomes Outcomes { get; private set; } = new();
    public IServiceProvider Services => _app!.Services;
    public IEnvironmentDriver Driver => Services.GetRequiredService<IEnvironmentDriver>();
    public ProcessStopper Stopper => Services.GetRequiredService<ProcessStopper>();
    public Uri Address => new(_app!.Urls.First());
    public IServiceStore<EnvManagerDbContext> Store => Services.GetRequiredService<IServiceStore<EnvManagerDbContext>>();

    public async Task<EnvManagerHost> StartAsync()
    {
        Outcomes = new Outcomes();
        _app = PlatformHost.Build(["--urls", "http://127.0.0.1:0"], [new EnvManagerService(), Outcomes], builder =>
        {
            builder.Configuration.AddInMemoryCollection(_settings);
            if (_time is not null) builder.Services.AddSingleton(_time);
            builder.Logging.ClearProviders();
            if (Environment.GetEnvironmentVariable("TEST_LOG") is not null) builder.Logging.AddSimpleConsole();
        });
        await _app.StartAsync(TestContext.Current.CancellationToken);
        return this;
    }

    public async Task StopAsync()
    {
        if (_app is null) return;
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        _app = null;
    }

    public Task PublishAsync<T>(T message) where T : class => Store.WriteAsync(async (transaction, token) =>
    {
        await transaction.PublishAsync(message, token);
        return true;
    }, TestContext.Current.CancellationToken);

    public Task<ServingEnvironment?> FindAsync(Guid environmentId) => Store.ReadAsync(
        async (db, token) => await db.Environments.FindAsync([environmentId], token), TestContext.Current.CancellationToken);

    /// <summary>An environment whose fleet runs.</summary>
    public async Task<ProvisionEnvironment> ProvisionAsync(int replicas, params string[] arguments)
    {
        var command = Commands.Provision(Artifact(), replicas, arguments);
        await PublishAsync(command);
        await Outcomes.NextAsync<EnvironmentProvisioned>(outcome => outcome.Fleet.EnvironmentId == command.EnvironmentId);
        return command;
    }

    /// <summary>An environment that is only a record.</summary>
    public async Task<ProvisionEnvironment> RecordAsync()
    {
        var command = Commands.Provision(Artifact(), replicas: 1);
        await Store.WriteAsync((transaction, _) =>
        {
            transaction.Db.Environments.Add(ServingEnvironment.From(command, TimeProvider.System.GetUtcNow()));
            return Task.FromResult(true);
        }, TestContext.Current.CancellationToken);
        return command;
    }

    public Task<EnvironmentRole> RoleOfAsync(ProvisionEnvironment command) =>
        Store.ReadAsync((db, token) => db.RoleOfAsync(command.EnvironmentId, token), TestContext.Current.CancellationToken);

    public Task BecomesAsync(ProvisionEnvironment command, EnvironmentRole role) =>
        Eventually.BecomesTrueAsync(async () => await RoleOfAsync(command) == role);

    public Task<List<ServingReplica>> ReplicasAsync(ProvisionEnvironment command) => Store.ReadAsync(
        (db, token) => db.Replicas.Where(row => row.EnvironmentId == command.EnvironmentId).OrderBy(row => row.Index).ToListAsync(token),
        TestContext.Current.CancellationToken);

    public async Task<IReadOnlyList<int>> ProcessesAsync(Guid environmentId) =>
        [.. (await Driver.ListAsync(environmentId, TestContext.Current.CancellationToken))
            .OrderBy(replica => replica.Index).Select(replica => replica.ProcessId)];

    /// <summary>An artifact and its true reference.</summary>
    public ArtifactReference Artifact(string content = "a model")
    {
        var path = Path.Combine(Folder, $"{Guid.NewGuid():N}.zip");
        File.WriteAllText(path, content);
        return new ArtifactReference
        {
            Uri = new Uri($"file://{path}"),
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))),
        };
    }

    public async ValueTask DisposeAsync()
    {
        // In this order: while env-manager runs it would start again what is stopped here.
        if (_app is null) await StartAsync();
        var driver = Driver;
        await StopAsync();
        foreach (var id in await driver.ListEnvironmentsAsync(CancellationToken.None)) await driver.StopAsync(id, CancellationToken.None);
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(Folder, recursive: true);
    }
}
