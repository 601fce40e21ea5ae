using System.Text.Json;
using BlueGreen.Contracts;
using BlueGreen.Router.Persistence;
using BlueGreen.Router.Routing;
using BlueGreen.Router.Tests.Support;
using BlueGreen.Testing.Containers;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace BlueGreen.Router.Tests.Routing;

/// <summary>An upgrade while traffic moves by steps.</summary>
public sealed class RoutePlansTests(PostgreSqlServer postgres) : IClassFixture<PostgreSqlServer>
{
    private static readonly TrafficShift BySteps = new() { First = 0.1, Step = 0.2, Wait = TimeSpan.FromMinutes(7), StickyCookie = "c" };
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Migrating_StepsThatAreUnderWay_GoOn_AndReplicasReadTheirPlan(bool isPostgres)
    {
        using var folder = new TemporaryDirectory();
        await using var db = new RouterDbContext(await OptionsAsync(folder, isPostgres));
        await db.GetService<IMigrator>().MigrateAsync("20261123000700_DriverAlarms", Token);
        await AddAsync(db, "moving", Target(), BySteps);
        await AddAsync(db, "released", null, BySteps);
        await AddAsync(db, "at-once", Target(), null);

        await db.Database.MigrateAsync(Token);

        var rows = await db.Routes.ToDictionaryAsync(row => row.Endpoint, Token);
        Assert.Equal((BySteps, 6), (rows["moving"].Shift, rows["moving"].Version));
        Assert.Equal((null, 5), (rows["released"].Shift, rows["released"].Version));
        Assert.Equal((null, 5), (rows["at-once"].Shift, rows["at-once"].Version));
    }

    private async Task<DbContextOptions<RouterDbContext>> OptionsAsync(TemporaryDirectory folder, bool isPostgres)
    {
        var builder = new DbContextOptionsBuilder<RouterDbContext>().UseSnakeCaseNamingConvention();
        builder.ConfigureWarnings(warnings => warnings.Ignore(Microsoft.EntityFrameworkCore.Diagnostics.RelationalEventId.PendingModelChangesWarning));
        return (isPostgres
            ? builder.UseNpgsql(await postgres.CreateDatabaseAsync("plans", Token), npgsql => npgsql.MigrationsHistoryTable("migrations", RouterDbContext.Service))
            : builder.UseSqlite($"Data Source={Path.Combine(folder.Path, "plans.db")};Pooling=False")).Options;
    }

    private static Task<int> AddAsync(RouterDbContext db, string endpoint, RouteTarget? standby, TrafficShift? shift)
    {
        var table = db.Database.IsNpgsql() ? "router.routes" : "router_routes";
        var settings = new RouteSettings { Traffic = new TrafficPolicy { Shift = shift } };
        var sql = $"INSERT INTO {table} (endpoint, path, policy_revision, version, epoch, standby, releasing_version, settings, memory) "
            + "VALUES ({0}, {0}, 1, 5, 2, {1}, 0, {2}, '{{}}')";
        return db.Database.ExecuteSqlRawAsync(
            sql, [endpoint, standby is null ? null! : JsonSerializer.Serialize(standby, JsonSerializerOptions.Web), JsonSerializer.Serialize(settings, JsonSerializerOptions.Web)], Token);
    }

    private static RouteTarget Target() => new()
    {
        EnvironmentId = Guid.NewGuid(),
        DeploymentId = Guid.NewGuid(),
        Model = "fraud",
        Version = "v",
        Protocol = "open-inference-v2",
        Replicas = [],
    };
}
