using System.Globalization;
using System.Text.Json.Nodes;

namespace BlueGreen.Router.Drivers.Tests.Kubernetes;

/// <summary>The API server's objects, with one version for all of them, and the changes that a watch can still be told of.</summary>
internal sealed class FakeStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Plural, string Name), JsonObject> _items = [];
    private readonly List<(long Version, string Type, string Plural, JsonObject Item)> _changes = [];
    private TaskCompletionSource _changed = New();
    private long _version = 1000;
    private long _forgotten = 1000;

    public long Version => Locked(() => _version);

    /// <summary>Versions before this one cannot be watched from.</summary>
    public long Forgotten => Locked(() => _forgotten);

    public JsonObject? Find(string plural, string name) => Locked(() => _items.GetValueOrDefault((plural, name))?.DeepClone().AsObject());

    public (JsonObject[] Items, long Version) List(string plural, Func<JsonObject, bool> isMeant) => Locked(() => (
        _items.Where(item => item.Key.Plural == plural && isMeant(item.Value)).Select(item => item.Value.DeepClone().AsObject()).ToArray(), _version));

    /// <summary>Creates or replaces, whatever was there.</summary>
    public JsonObject Put(string plural, JsonObject item) => Locked(() =>
    {
        var name = item["metadata"]!["name"]!.ToString();
        var before = _items.GetValueOrDefault((plural, name));
        var after = item.DeepClone().AsObject();
        var isSame = before is not null && JsonNode.DeepEquals(before["spec"], after["spec"]);
        var generation = before?["metadata"]?["generation"]?.GetValue<long>() ?? 0;
        after["metadata"]!["generation"] = isSame ? generation : generation + 1;
        after["metadata"]!["resourceVersion"] = (++_version).ToString(CultureInfo.InvariantCulture);
        _items[(plural, name)] = after;
        Tell(before is null ? "ADDED" : "MODIFIED", plural, after);
        return after.DeepClone().AsObject();
    });

    /// <summary>Replaces if the version is still the given one.</summary>
    /// <returns>Null: it is not.</returns>
    public JsonObject? Swap(string plural, JsonObject item, string? version) => Locked(() =>
    {
        var now = _items[(plural, item["metadata"]!["name"]!.ToString())]["metadata"]!["resourceVersion"]!.ToString();
        return version is not null && version != now ? null : Put(plural, item);
    });

    /// <summary>Somebody changes an object, by its newest version.</summary>
    public JsonObject Change(string plural, string name, Action<JsonObject> change) => Locked(() =>
    {
        var item = _items[(plural, name)].DeepClone().AsObject();
        change(item);
        return Put(plural, item);
    });

    public void Delete(string plural, string name) => Locked(() =>
    {
        _items.Remove((plural, name), out var item);
        item!["metadata"]!["resourceVersion"] = (++_version).ToString(CultureInfo.InvariantCulture);
        Tell("DELETED", plural, item);
        return true;
    });

    /// <summary>Old versions go, as a compaction takes them: who watches from them has missed something.</summary>
    public void Compact() => Locked(() =>
    {
        _version += 10;
        _changes.Clear();
        Wake();
        return _forgotten = _version;
    });

    /// <returns>Changes since the version, and what completes when there are more.</returns>
    public ((long Version, string Type, JsonObject Item)[] Changes, Task Next) Since(long version, string plural) => Locked(() => (
        _changes.Where(change => change.Version > version && change.Plural == plural)
            .Select(change => (change.Version, change.Type, change.Item.DeepClone().AsObject())).ToArray(),
        _changed.Task));

    private void Tell(string type, string plural, JsonObject item)
    {
        _changes.Add((_version, type, plural, item.DeepClone().AsObject()));
        Wake();
    }

    private void Wake()
    {
        _changed.SetResult();
        _changed = New();
    }

    private T Locked<T>(Func<T> act)
    {
        lock (_gate) return act();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
