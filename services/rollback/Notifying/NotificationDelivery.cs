namespace BlueGreen.Rollback.Notifying;

/// <summary>A notification for one target: what one target does not take is not sent again to the others.</summary>
internal sealed record NotificationDelivery
{
    /// <summary>The same at every try, so that receivers can tell repetitions.</summary>
    public required string Id { get; init; }

    /// <summary>Name of the target in the configuration.</summary>
    public required string Target { get; init; }
    public required Notification Notification { get; init; }
}
