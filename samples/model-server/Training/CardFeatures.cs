using BlueGreen.ModelServer.Models;

namespace BlueGreen.ModelServer.Training;

/// <summary>The inputs of the card-fraud model. Numbers come first, in the order of <see cref="ModelRow.Numbers"/>.</summary>
internal static class CardFeatures
{
    public const string CategoryName = "merchant_category";

    /// <summary>A category that appeared after training: no training row and no golden payload has it.</summary>
    public const string NewCategory = "stored_value";

    /// <summary>Position of the amount, in euros, in <see cref="ModelRow.Numbers"/>.</summary>
    public const int Amount = 0;

    public static readonly IReadOnlyList<Feature> All =
    [
        new("amount", Datatypes.Fp32),
        new("hour", Datatypes.Int32),
        new("distance_from_home_km", Datatypes.Fp32),
        new("distance_from_last_km", Datatypes.Fp32),
        new("transactions_last_hour", Datatypes.Int32),
        new("transactions_last_day", Datatypes.Int32),
        new("amount_to_average", Datatypes.Fp32),
        new("device_age_days", Datatypes.Fp32),
        new("account_age_days", Datatypes.Fp32),
        new("declines_last_day", Datatypes.Int32),
        new("is_foreign", Datatypes.Bool),
        new("is_ecommerce", Datatypes.Bool),
        new("pin_used", Datatypes.Bool),
        new(CategoryName, Datatypes.Bytes),
    ];

    /// <summary>Category, share among honest transactions, share among frauds, typical amount relative to all.</summary>
    public static readonly IReadOnlyList<(string Name, double Honest, double Fraud, double Scale)> Categories =
    [
        ("grocery", 0.30, 0.08, 0.8),
        ("fuel", 0.12, 0.06, 0.9),
        ("restaurant", 0.18, 0.05, 0.7),
        ("clothing", 0.11, 0.12, 1.1),
        ("electronics", 0.06, 0.27, 2.2),
        ("travel", 0.04, 0.10, 4.0),
        ("health", 0.06, 0.03, 0.9),
        ("entertainment", 0.08, 0.12, 0.6),
        ("other", 0.05, 0.17, 1.0),
    ];
}
