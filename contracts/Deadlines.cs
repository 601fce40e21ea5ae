namespace BlueGreen.Contracts;

/// <summary>A durable timer of the saga ran out. Only the saga sets it, only the saga hears it.</summary>
public sealed record DeadlineExpired : IStageMessage
{
    public required Guid DeploymentId { get; init; }
    public required int Attempt { get; init; }

    /// <summary>The state that had waited; a deadline of another state is late and ignored.</summary>
    public required string State { get; init; }

    /// <summary>True when it was the time of the whole deployment that ran out, which came before the state's own.</summary>
    public bool WholeDeployment { get; init; }
}
