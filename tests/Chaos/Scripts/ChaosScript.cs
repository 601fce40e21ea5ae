namespace BlueGreen.Chaos.Scripts;

/// <summary>What is played for one seed; nothing but the seed decides it.</summary>
/// <param name="Seed">Its seed.</param>
/// <param name="Promotions">In order for each endpoint.</param>
/// <param name="Faults">In order.</param>
internal sealed record ChaosScript(int Seed, IReadOnlyList<PromotionStep> Promotions, IReadOnlyList<FaultStep> Faults)
{
    public override string ToString() => string.Join(
        Environment.NewLine,
        [$"seed {Seed}:", .. Promotions.Select(step => $"  {step}"), .. Faults.Select(step => $"  {step}")]);
}
