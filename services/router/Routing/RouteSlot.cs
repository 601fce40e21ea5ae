namespace BlueGreen.Router.Routing;

/// <summary>An endpoint's place in the snapshots: its entry changes, the place stays. A flip is one reference write, however many routes there are.</summary>
internal sealed class RouteSlot(RouteEntry entry)
{
    private volatile RouteEntry _entry = entry;

    public RouteEntry Entry
    {
        get => _entry;
        set => _entry = value;
    }
}
