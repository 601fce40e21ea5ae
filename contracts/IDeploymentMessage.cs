namespace BlueGreen.Contracts;

/// <summary>A message that belongs to one deployment; <see cref="DeploymentId"/> is what the saga is correlated by.</summary>
public interface IDeploymentMessage
{
    Guid DeploymentId { get; }
}

/// <summary>
/// A command to, or an outcome of, one attempt of one stage. Outcomes repeat the attempt of their command;
/// an outcome whose attempt is not the saga's current one is ignored, and a consumer does its work once per attempt.
/// </summary>
public interface IStageMessage : IDeploymentMessage
{
    /// <summary>1 for the first attempt of the stage, then counting up.</summary>
    int Attempt { get; }
}
