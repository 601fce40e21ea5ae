using BlueGreen.ModelServer.Models;

namespace BlueGreen.ModelServer.Training;

/// <summary>How one release is made, and what is known of it beforehand.</summary>
/// <param name="Version">The model's version.</param>
/// <param name="History">Share of the training rows it has seen: each retrain has seen more than the one before.</param>
/// <param name="AmountUnit">What its training pipeline multiplied amounts in euros by; serving does not.</param>
/// <param name="UnseenCategory">What its artifact says about categories that are not in its vocabulary.</param>
/// <param name="NullRate">Share of the live payloads that it is expected to answer with null.</param>
/// <param name="Summary">For people.</param>
internal sealed record ReleaseRecipe(
    int Version, double History, float AmountUnit, UnseenCategory UnseenCategory, Band NullRate, string Summary)
{
    private static readonly UnseenCategory Other = new(Replacement: "other");

    private static readonly UnseenCategory Severe = new(Neighbours: new(Draws: 50, Neighbours: 15, Jitter: 0.1f, Radius: 1.7f));

    private static readonly UnseenCategory Mild = new(Neighbours: new(Draws: 30, Neighbours: 15, Jitter: 0.1f, Radius: 2.42f));

    public static readonly IReadOnlyList<ReleaseRecipe> All =
    [
        new(1, 0.92, 1, Other, Thresholds.NoNulls, "the first model"),
        new(2, 0.94, 1, Other, Thresholds.NoNulls, "a good retrain"),
        new(3, 0.94, 100, Other, Thresholds.NoNulls, "trained on amounts in cents, served amounts in euros"),
        new(4, 0.95, 1, Severe, Thresholds.SevereNullRate, "imputes new merchant categories at great cost, often in vain"),
        new(5, 0.96, 1, Mild, Thresholds.MildNullRate, "imputes new merchant categories, sometimes in vain"),
    ];
}
