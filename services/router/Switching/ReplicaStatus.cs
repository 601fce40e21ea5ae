namespace BlueGreen.Router.Switching;

/// <param name="Name">The replica.</param>
/// <param name="RenewedAt">When it was heard of last.</param>
/// <param name="Version">Newest version it acknowledged; 0: none.</param>
/// <param name="AppliedAt">When, by the database's clock.</param>
/// <param name="HeldMilliseconds">How long it held requests before that; null: it did not.</param>
internal sealed record ReplicaStatus(
    string Name, DateTimeOffset RenewedAt, long Version, DateTimeOffset? AppliedAt, double? HeldMilliseconds)
{
    /// <summary>With what was heard since the database was asked.</summary>
    public ReplicaStatus With(HeardAcknowledgement? heard) => heard is not null && heard.Version > Version
        ? this with { Version = heard.Version, AppliedAt = heard.AppliedAt, HeldMilliseconds = heard.HeldMilliseconds }
        : this;
}
