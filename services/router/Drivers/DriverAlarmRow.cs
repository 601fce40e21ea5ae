namespace BlueGreen.Router.Drivers;

/// <summary>What people were told of an endpoint's load balancer last, whichever replica saw it: one change is told once.</summary>
internal sealed class DriverAlarmRow
{
    public required string Endpoint { get; init; }

    /// <summary>See <see cref="DriverAlarms"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>What was found, as a checksum: another change is another alarm.</summary>
    public required string Word { get; set; }
    public required string RaisedBy { get; set; }

    /// <summary>By the database's clock.</summary>
    public required DateTimeOffset RaisedAt { get; set; }

    /// <summary>When it was seen to be as it should be, by the database's clock; null: not since.</summary>
    public DateTimeOffset? ClearedAt { get; set; }
}
