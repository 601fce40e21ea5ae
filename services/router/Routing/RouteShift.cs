using System.IO.Hashing;
using System.Text;
using BlueGreen.Contracts;
using BlueGreen.Router.Proxy;

namespace BlueGreen.Router.Routing;

/// <summary>
/// A switch that moves traffic by steps. Which share green has follows from the time of the switch alone, by the database's clock: no step
/// needs anybody to make it, and every replica makes it at the same time.
/// </summary>
internal sealed class RouteShift(TrafficShift plan, Guid deploymentId, DateTimeOffset from, RouteLeg old)
{
    /// <summary>Longer than anybody waits, and no date is too far.</summary>
    private const double MostSeconds = 3650 * 86_400.0;

    private readonly long _seed = BitConverter.ToInt64(deploymentId.ToByteArray());

    /// <summary>Who serves what green does not.</summary>
    public RouteLeg Old => old;

    /// <summary>When green has all, by the database's clock.</summary>
    public DateTimeOffset EndsAt => from + TimeSpan.FromSeconds(
        plan.First >= 1 ? 0 : Math.Min(MostSeconds, Math.Ceiling((1 - plan.First) / plan.Step) * plan.Wait.TotalSeconds));

    /// <returns>Null: all traffic is green's.</returns>
    public static RouteShift? Of(RouteEntry entry, EnvironmentRegistry environments) =>
        entry is { Live: { } live, Standby: { } standby, RevertPending: false, State: { SwitchedAt: { } at, Shift: { } plan } }
            ? new RouteShift(plan, live.DeploymentId, at, new RouteLeg(standby, entry.State.Path, entry.EpochText, environments))
            : null;

    public double ShareAt(DateTimeOffset now)
    {
        var steps = Math.Floor(Math.Max(0, (now - from).TotalSeconds) / plan.Wait.TotalSeconds);
        return Math.Min(1, plan.First + (steps * plan.Step));
    }

    /// <summary>Whether green answers this request. Who has once got green keeps it: shares only grow, and a sticky value's place is fixed.</summary>
    public bool IsNew(HttpContext context, DateTimeOffset now)
    {
        var share = ShareAt(now);
        return share >= 1 || PlaceOf(context) < share;
    }

    /// <summary>Where a value stands among all values, in [0, 1): another place for another deployment, so that it is not always the same who go first.</summary>
    public double PlaceOf(string value) =>
        (XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(value), _seed) >> 11) / (double)(1UL << 53);

    private double PlaceOf(HttpContext context)
    {
        if (plan.StickyHeader is { } header && context.Request.Headers.TryGetValue(header, out var given)) return PlaceOf(given.ToString());
        if (plan.StickyCookie is not { } cookie) return Random.Shared.NextDouble();
        if (context.Request.Cookies.TryGetValue(cookie, out var known)) return PlaceOf(known);
        var made = Guid.NewGuid().ToString("N");
        context.Response.OnStarting(() =>
        {
            context.Response.Cookies.Append(cookie, made, new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Lax, IsEssential = true });
            return Task.CompletedTask;
        });
        return PlaceOf(made);
    }
}
