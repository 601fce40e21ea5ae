namespace BlueGreen.EnvManager.Provisioning;

/// <summary>Why there is no fleet.</summary>
/// <param name="Reason">For people.</param>
/// <param name="Retryable">False when another attempt must fail likewise.</param>
internal sealed record ProvisioningProblem(string Reason, bool Retryable);
