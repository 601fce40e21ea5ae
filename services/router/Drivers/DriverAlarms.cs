using System.Collections.Concurrent;
using BlueGreen.Contracts;
using BlueGreen.Platform.Persistence;
using BlueGreen.Router.Persistence;
using BlueGreen.Router.Switching;
using Microsoft.EntityFrameworkCore;

namespace BlueGreen.Router.Drivers;

/// <summary>
/// Tells people that somebody else has changed a load balancer. Every replica sees it, one of them says so: that which changes the row of the
/// endpoint. A change that is seen again after all was well is a new one.
/// </summary>
internal sealed class DriverAlarms(
    IServiceStore<RouterDbContext> store, ReplicaStanding standing, DatabaseClock time, TimeProvider clock, ILogger<DriverAlarms> log)
{
    private const string Drifted = "drifted";
    private const string Overwritten = "overwritten";

    /// <summary>After so long it is written down once more that all is well: whoever had raised an alarm may have died before it did that.</summary>
    private static readonly TimeSpan Again = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, string> _told = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _wellAt = new(StringComparer.Ordinal);

    /// <summary>To be called at every look that finds it: what could not be stored is tried again.</summary>
    public async Task DriftedAsync(DriverStatus status, string reason)
    {
        var endpoint = status.Route.Endpoint;
        _wellAt.TryRemove(endpoint, out _);
        var word = DriverMark.SumOf(status.Found);
        if (_told.TryGetValue(endpoint, out var told) && told == word) return;
        if (await TryAsync(status, () => RaiseAsync(status, Drifted, word, reason))) _told[endpoint] = word;
    }

    /// <summary>A way back that had to write over it, or an operator.</summary>
    /// <param name="status">After that.</param>
    /// <param name="isAsked">By an operator, who is one: no other replica does the same.</param>
    /// <param name="reason">For people.</param>
    public Task OverwrittenAsync(DriverStatus status, bool isAsked, string reason)
    {
        var which = isAsked ? $"{Guid.NewGuid()}" : $"{status.Route.Vetoed.Count}";
        return TryAsync(status, () => RaiseAsync(status, Overwritten, DriverMark.SumOf($"{status.Overwrote}\n{which}"), reason));
    }

    /// <summary>To be called at every look that finds it as it should be.</summary>
    public async Task WellAsync(DriverStatus status)
    {
        var endpoint = status.Route.Endpoint;
        _told.TryRemove(endpoint, out _);
        if (_wellAt.TryGetValue(endpoint, out var last) && clock.GetElapsedTime(last) < Again) return;
        _wellAt[endpoint] = clock.GetTimestamp();
        await TryAsync(status, () => store.WriteAsync((work, token) => work.Db.DriverAlarms
            .Where(row => row.Endpoint == endpoint && row.Kind == Drifted && row.ClearedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.ClearedAt, (DateTimeOffset?)status.ReadAt), token), CancellationToken.None));
    }

    private async Task RaiseAsync(DriverStatus status, string kind, string word, string reason)
    {
        try
        {
            await RaiseOnceAsync(status, kind, word, reason);
        }
        catch (DbUpdateException)
        {
            // Another replica was the first to write the row; now it is there.
            await RaiseOnceAsync(status, kind, word, reason);
        }
    }

    private Task<bool> RaiseOnceAsync(DriverStatus status, string kind, string word, string reason) => store.WriteAsync(async (work, token) =>
    {
        var (endpoint, now) = (status.Route.Endpoint, time.Now);
        var known = work.Db.DriverAlarms.Where(row => row.Endpoint == endpoint && row.Kind == kind);
        var changed = await known.Where(row => row.Word != word || row.ClearedAt < status.ReadAt).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.Word, word).SetProperty(row => row.RaisedBy, standing.Name)
                .SetProperty(row => row.RaisedAt, now).SetProperty(row => row.ClearedAt, (DateTimeOffset?)null), token);
        if (changed == 0)
        {
            if (await known.AnyAsync(token)) return false;
            work.Db.DriverAlarms.Add(new DriverAlarmRow { Endpoint = endpoint, Kind = kind, Word = word, RaisedBy = standing.Name, RaisedAt = now });
        }

        var alarm = new AttentionRequired { Endpoint = endpoint, DeploymentId = status.Route.Live.DeploymentId, Reason = reason, At = clock.GetUtcNow() };
        await work.PublishAsync(alarm, token);
        return true;
    }, CancellationToken.None);

    /// <summary>Without the database the log and the gauge must do.</summary>
    private async Task<bool> TryAsync(DriverStatus status, Func<Task> tell)
    {
        try
        {
            await tell();
            return true;
        }
        catch (Exception exception)
        {
            Log.DriverNewsNotTold(log, status.Route.Endpoint, exception);
            return false;
        }
    }
}
