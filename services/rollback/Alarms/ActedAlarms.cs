namespace BlueGreen.Rollback.Alarms;

/// <summary>
/// Which firing reverted which deployment. A firing reverts one deployment at most: when it is repeated while the next one bakes, it has
/// not ended since before that one was switched to, and so does not speak of it.
/// </summary>
internal sealed class ActedAlarms
{
    private const int Capacity = 10_000;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Guid> _deployments = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    public Guid? DeploymentOf(Alarm alarm, string endpoint)
    {
        if (alarm.Identity is null) return null;
        lock (_gate) return _deployments.TryGetValue(AlarmKey.OfRecord(alarm, endpoint), out var deployment) ? deployment : null;
    }

    public void Remember(Alarm alarm, string endpoint, Guid deployment)
    {
        if (alarm.Identity is not null) Remember(AlarmKey.OfRecord(alarm, endpoint), deployment);
    }

    public void Remember(string key, Guid deployment)
    {
        lock (_gate)
        {
            if (!_deployments.TryAdd(key, deployment)) return;
            _order.Enqueue(key);
            if (_order.Count > Capacity) _deployments.Remove(_order.Dequeue());
        }
    }
}
