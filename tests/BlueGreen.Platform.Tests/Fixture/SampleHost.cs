using BlueGreen.Platform.Hosting;
using BlueGreen.Platform.Persistence;
using BlueGreen.Platform.Work;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Platform.Tests.Fixture;

/// <summary>The sample service on SQLite and the embedded bus, or what its settings say, restartable on the same files.</summary>
internal sealed class SampleHost : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("bluegreen-platform-").FullName;
    private WebApplication? _app;

    public Script Script { get; init; } = new();
    public IServiceStore<SampleDbContext> Store => _app!.Services.GetRequiredService<IServiceStore<SampleDbContext>>();
    public IServiceProvider Services => _app!.Services;

    public async Task<SampleHost> StartAsync(Dictionary<string, string?>? settings = null)
    {
        _app = PlatformHost.Build(["--urls", "http://127.0.0.1:0"], [new SampleService(Script)], builder =>
        {
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["BlueGreen:DataDirectory"] = _folder,
                ["BlueGreen:Api:Token"] = "a-token-for-tests-only",
                ["BlueGreen:Work:Lease"] = "00:00:02",
            });
            builder.Configuration.AddInMemoryCollection(settings ?? []);
            builder.Logging.ClearProviders();
            if (Environment.GetEnvironmentVariable("TEST_LOG") is not null) builder.Logging.AddSimpleConsole();
        });
        await _app.StartAsync();
        return this;
    }

    public async Task StopAsync()
    {
        if (_app is null) return;
        await _app.StopAsync();
        await _app.DisposeAsync();
        _app = null;
    }

    /// <summary>What <c>/health/ready</c> answers: status code and text.</summary>
    public async Task<(int Status, string Text)> ReadyAsync()
    {
        using var http = new HttpClient { BaseAddress = new Uri(_app!.Urls.First()) };
        using var response = await http.GetAsync(new Uri("health/ready", UriKind.Relative), TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    public Task PublishAsync<T>(T message) where T : class => Store.WriteAsync(async (transaction, token) =>
    {
        await transaction.PublishAsync(message, token);
        return true;
    }, TestContext.Current.CancellationToken);

    public Task<int> CountAsync(string kind) => Store.ReadAsync(
        (db, token) => db.Effects.CountAsync(effect => effect.Kind == kind, token), TestContext.Current.CancellationToken);

    public Task<WorkItem> FindWorkAsync(string subject) => Store.ReadAsync(
        (db, token) => db.WorkItems.AsNoTracking().SingleAsync(item => item.Subject == subject, token), TestContext.Current.CancellationToken);

    /// <summary>Whatever touches work items fails until <see cref="ShowWorkAsync"/>.</summary>
    public Task HideWorkAsync() => RenameWorkAsync((table, hidden) => $"ALTER TABLE \"{table}\" RENAME TO \"{hidden}\"");

    public Task ShowWorkAsync() => RenameWorkAsync((table, hidden) => $"ALTER TABLE \"{hidden}\" RENAME TO \"{table}\"");

    private Task<bool> RenameWorkAsync(Func<string, string, string> sql) => Store.WriteAsync(async (transaction, token) =>
    {
        var table = transaction.Db.Model.FindEntityType(typeof(WorkItem))!.GetTableName()!;
        await transaction.Db.Database.ExecuteSqlRawAsync(sql(table, $"{table}_hidden"), token);
        return true;
    }, TestContext.Current.CancellationToken);

    public Task<string?> OrderStateAsync(Guid id) => Store.ReadAsync(
        (db, token) => db.Orders.Where(order => order.CorrelationId == id).Select(order => order.CurrentState).SingleOrDefaultAsync(token),
        TestContext.Current.CancellationToken);

    public static async Task UntilAsync(Func<Task<bool>> condition, int seconds = 20)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(seconds));
        while (!await condition()) await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, limit.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }
}
