namespace BlueGreen.Chaos.Scripts;

/// <summary>What happens to one endpoint.</summary>
/// <param name="Endpoint">Its name.</param>
/// <param name="Policy">What its policy asks of operators.</param>
/// <param name="Replicas">Size of its fleets.</param>
/// <param name="Promotions">In this order.</param>
/// <param name="Fault">Strikes when one of its deployments is in a state; null: none.</param>
internal sealed record EndpointStory(
    string Endpoint, PolicyKind Policy, int Replicas, IReadOnlyList<PromotionStep> Promotions, FaultStep? Fault)
{
    public override string ToString() => string.Join(
        Environment.NewLine,
        [
            $"  {Endpoint} ({Policy}, {Replicas} replicas):", .. Promotions.Select(step => $"    {step}"),
            .. Fault is null ? Array.Empty<string>() : [$"    {Fault}"],
        ]);
}
