using System.Collections.Concurrent;
using BlueGreen.Platform.Persistence;
using BlueGreen.Router.Persistence;
using BlueGreen.Router.Tests.Support;
using BlueGreen.Testing.Containers;
using Microsoft.EntityFrameworkCore;

namespace BlueGreen.Router.Tests;

/// <summary>The rollback service asks every replica at once: all of them tell the database of the same veto.</summary>
public sealed class ConcurrentVetoTests(PostgreSqlServer postgres) : IClassFixture<PostgreSqlServer>
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Veto_TakenByTwoReplicasAtOnce_IsOneRowAndOneEpochAndNoError(bool isPostgres)
    {
        using var here = new TemporaryDirectory();
        using var there = new TemporaryDirectory();
        (string, string)[] database = isPostgres
            ? [("BlueGreen:Database:Provider", "postgres"),
                ("BlueGreen:Database:ConnectionString", await postgres.CreateDatabaseAsync("vetoes", Token))]
            : [("BlueGreen:Database:ConnectionString", $"Data Source={Path.Combine(here.Path, "shared.db")}")];
        await using var blue = await ModelServer.StartAsync("v1");
        await using var green = await ModelServer.StartAsync("v2");
        await using var first = await RouterHost.StartAsync(here, database);
        await using var second = await RouterHost.StartAsync(there, database);
        using var errors = new ErrorCollector();
        RouterHost[] both = [first, second];
        foreach (var host in both) host.Get<ILoggerFactory>().AddProvider(errors);

        var epoch = 0L;
        for (var round = 0; round < 5; round++)
        {
            await first.PublishAsync(Commands.Switch(Guid.NewGuid(), epoch, blue));
            var deployment = Guid.NewGuid();
            await ReachAsync(both, ++epoch);
            await first.PublishAsync(Commands.Switch(deployment, epoch, green));
            await ReachAsync(both, ++epoch);
            var answers = await Task.WhenAll(both.Select(host => host.RevertAsync(deployment)));
            foreach (var answer in answers) Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Token));
            await ReachAsync(both, ++epoch);
        }

        Assert.Equal(5, await first.Get<IServiceStore<RouterDbContext>>().ReadAsync((db, token) => db.Vetoes.CountAsync(token), Token));
        Assert.Empty(errors.Lines);
    }

    private static Task ReachAsync(RouterHost[] hosts, long epoch) =>
        Eventually.TrueAsync(() => hosts.All(host => host.Table.Current.Entries.SingleOrDefault()?.EpochText == $"{epoch}"));

    private sealed class ErrorCollector : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel)) Lines.Enqueue(formatter(state, exception));
        }

        public void Dispose()
        {
        }
    }
}
