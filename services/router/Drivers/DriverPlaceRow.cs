namespace BlueGreen.Router.Drivers;

/// <summary>A mark of ours has stood there: from then on a missing one is somebody else's change. Rows are only ever added.</summary>
internal sealed class DriverPlaceRow
{
    public required string Endpoint { get; init; }

    /// <summary>See <see cref="DriverSettings.Place"/>.</summary>
    public required string Place { get; init; }

    /// <summary>The replica that saw it first.</summary>
    public required string SeenBy { get; init; }
}
