namespace BlueGreen.Router.Persistence;

/// <summary>A registered router replica and its lease.</summary>
internal sealed class ReplicaRow
{
    public required string Name { get; init; }
    public required DateTimeOffset RenewedAt { get; set; }
}
