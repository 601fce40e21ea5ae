using BlueGreen.Platform.Persistence;
using Microsoft.Extensions.Options;

namespace BlueGreen.Platform.Work;

/// <summary>
/// Gives work straight to a free place of the process that asks for it: the item is leased in the transaction that makes it, and begins with
/// that commit, instead of being found, locked and leased by another one. Without a free place it waits in the table like any other.
/// </summary>
internal sealed class WorkHandover<TDb>(IEnumerable<WorkKind<TDb>> kinds, IOptions<WorkOptions> options) where TDb : ServiceDbContext
{
    private readonly Dictionary<string, WorkKind<TDb>> _kinds = kinds.ToDictionary(kind => kind.Name);
    private volatile Action<WorkKind<TDb>, WorkItem>? _start;

    /// <summary>From now on places may be taken; null: no more.</summary>
    public void Open(Action<WorkKind<TDb>, WorkItem>? start) => _start = start;

    /// <summary>The item as it will be after the commit: leased to this process, or waiting.</summary>
    public WorkRequest Prepare(WorkItem item, DateTimeOffset now)
    {
        if (!_kinds.TryGetValue(item.Kind, out var kind)) return new WorkRequest(item, () => { }, null, null);
        if (_start is null || !kind.Places.Wait(0)) return new WorkRequest(item, () => kind.HasBacklog = true, null, null);
        item.Tries++;
        item.Lease(WorkLeases<TDb>.Owner, now + options.Value.Lease);
        return new WorkRequest(item, () => kind.HasBacklog = true, () => Start(kind, item), () => kind.Places.Release());
    }

    /// <summary>The loop may have ended since: then the lease runs out, and another process takes the item.</summary>
    private void Start(WorkKind<TDb> kind, WorkItem item)
    {
        if (_start is { } start) start(kind, item);
        else kind.Places.Release();
    }
}

/// <summary>Work that an open transaction asks for.</summary>
/// <param name="item">The item.</param>
/// <param name="wait">Tells the loop that there is something to find.</param>
/// <param name="start">Begins it at the place that was taken for it; null: no place was free.</param>
/// <param name="leave">Gives the place back.</param>
internal sealed class WorkRequest(WorkItem item, Action wait, Action? start, Action? leave)
{
    public WorkItem Item => item;

    /// <summary>To be called once, after the commit. False: the item waits to be found.</summary>
    public bool TryStart()
    {
        if (start is null) wait();
        else start();
        return start is not null;
    }

    /// <summary>To be called instead when there is no commit, or the item is taken back.</summary>
    public void Abandon() => leave?.Invoke();
}
