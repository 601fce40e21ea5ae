namespace BlueGreen.Router.Persistence;

/// <summary>The newest version of a route that a replica has applied.</summary>
internal sealed class AcknowledgementRow
{
    public required string Replica { get; init; }
    public required string Endpoint { get; init; }
    public required long Version { get; set; }
    public required long Epoch { get; set; }

    /// <summary>By the database's clock, as the replica knows it.</summary>
    public required DateTimeOffset AppliedAt { get; set; }

    /// <summary>How long it held requests before that; null: it did not.</summary>
    public double? HeldMilliseconds { get; set; }
}
