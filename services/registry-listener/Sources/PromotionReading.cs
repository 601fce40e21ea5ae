using BlueGreen.Platform.Webhooks;

namespace BlueGreen.RegistryListener.Sources;

/// <summary>What a webhook says.</summary>
internal abstract record PromotionReading
{
    private PromotionReading()
    {
    }

    public sealed record Promoted(Promotion Promotion) : PromotionReading;

    /// <summary>Well-formed, and not about a promotion.</summary>
    public sealed record Ignored(string Reason) : PromotionReading;

    public sealed record Invalid(FieldProblem Problem) : PromotionReading;
}
