using BlueGreen.Platform.Persistence;
using BlueGreen.Router.Persistence;
using Microsoft.EntityFrameworkCore;

namespace BlueGreen.Router.Switching;

/// <summary>
/// Says what a route has become: to this process at once, to the others by NOTIFY where the database has it. The route itself travels
/// with the announcement, so that nobody has to ask for it.
/// </summary>
internal sealed class RouteAnnouncer(IServiceStore<RouterDbContext> store, RouteIntake intake)
{
    public const string Changes = "bluegreen_routes";

    /// <summary>After the commit and outside of it, because PostgreSQL serialises the commits of transactions that notify.</summary>
    public Task AnnounceAsync(string endpoint, CancellationToken cancellationToken) => store.ReadAsync(async (db, token) =>
    {
        var route = await db.Routes.SingleOrDefaultAsync(row => row.Endpoint == endpoint, token);
        var news = new RouteNews(endpoint, route is null ? null : RouteReader.Describe(route));
        intake.Hear(news);
        if (db.Database.IsNpgsql()) await NotifyAsync(db, news, token);
        return true;
    }, cancellationToken);

    /// <summary>
    /// With the commit of the open transaction, where the database can: a switch is not to wait for another step of its coordinator. There
    /// are too few switches for it to matter that their commits wait for each other.
    /// </summary>
    public static Task AnnounceWithCommitAsync(RouterDbContext db, RouteRow route, CancellationToken cancellationToken) =>
        db.Database.IsNpgsql()
            ? NotifyAsync(db, new RouteNews(route.Endpoint, RouteReader.Describe(route)), cancellationToken)
            : Task.CompletedTask;

    private static Task<int> NotifyAsync(RouterDbContext db, RouteNews news, CancellationToken cancellationToken)
    {
        var text = news.Write();
        return db.Database.ExecuteSqlAsync($"SELECT pg_notify({Changes}, {text})", cancellationToken);
    }
}
