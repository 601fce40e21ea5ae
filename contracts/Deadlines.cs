namespace BlueGreen.Contracts;

/// <summary>A durable timer of the saga ran out. Only the saga sets it, only the saga hears it.</summary>
public sealed record DeadlineExpired : IStageMessage
{
    public required Guid DeploymentId { get; init; }
    public required int Attempt { get; init; }

    /// <summary>The state that had waited; a deadline of another state is late and ignored.</summary>
    public required string State { get; init; }
}
