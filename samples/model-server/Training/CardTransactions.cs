namespace BlueGreen.ModelServer.Training;

/// <summary>
/// A seeded stream of synthetic card transactions. Rows are independent; about 1.5 % are frauds, and part of those hide.
/// </summary>
internal sealed class CardTransactions(int seed)
{
    private const double FraudRate = 0.015;
    private const double HidingFrauds = 0.04;

    private readonly RandomDraws _draw = new(seed);

    public Transaction[] Take(int count)
    {
        var rows = new Transaction[count];
        for (var i = 0; i < count; i++) rows[i] = Next();
        return rows;
    }

    /// <summary>As <see cref="Take"/>, but exactly <paramref name="sliceShare"/> of the rows are of the new category.</summary>
    public Transaction[] TakeLive(int count, double sliceShare)
    {
        var rows = Take(count);
        foreach (var row in rows.Take((int)Math.Round(count * sliceShare))) MoveIntoSlice(row);
        _draw.Shuffle(rows);
        return rows;
    }

    private Transaction Next()
    {
        var isFraud = _draw.Chance(FraudRate);
        var looksFraudulent = isFraud && !_draw.Chance(HidingFrauds);
        var (category, scale) = Category(looksFraudulent);
        var numbers = looksFraudulent ? Fraudulent(scale) : Honest(scale);
        return new Transaction { Numbers = numbers, Category = category, Label = isFraud };
    }

    private float[] Honest(double scale)
    {
        var isForeign = _draw.Chance(0.05);
        var isEcommerce = _draw.Chance(0.3);
        var ratio = _draw.LogNormal(0.9, 0.6);
        var lastHour = _draw.Poisson(0.4);
        return Row(
            amount: _draw.LogNormal(32, 0.45) * scale * ratio,
            hour: _draw.Normal(14, 4.5),
            fromHome: isForeign ? _draw.LogNormal(1800, 0.7) : _draw.LogNormal(6, 1.2),
            fromLast: isEcommerce ? _draw.LogNormal(3, 1.2) : _draw.LogNormal(4, 1.2),
            lastHour,
            lastDay: lastHour + _draw.Poisson(3),
            ratio,
            deviceAge: _draw.LogNormal(180, 1),
            accountAge: _draw.LogNormal(900, 0.8),
            declines: _draw.Poisson(0.08),
            isForeign,
            isEcommerce,
            pinUsed: !isEcommerce && _draw.Chance(0.8));
    }

    private float[] Fraudulent(double scale)
    {
        var isForeign = _draw.Chance(0.35);
        var isEcommerce = _draw.Chance(0.65);
        var ratio = _draw.LogNormal(2.2, 0.7);
        var lastHour = _draw.Poisson(2.6);
        return Row(
            amount: _draw.LogNormal(75, 0.6) * scale * ratio,
            hour: _draw.Chance(0.55) ? _draw.Uniform(0, 6) : _draw.Normal(14, 5),
            fromHome: isForeign ? _draw.LogNormal(3500, 0.7) : _draw.LogNormal(60, 1.5),
            fromLast: _draw.LogNormal(40, 1.6),
            lastHour,
            lastDay: lastHour + _draw.Poisson(5),
            ratio,
            deviceAge: _draw.LogNormal(12, 1.4),
            accountAge: _draw.LogNormal(500, 0.9),
            declines: _draw.Poisson(0.9),
            isForeign,
            isEcommerce,
            pinUsed: !isEcommerce && _draw.Chance(0.25));
    }

    // Vouchers and wallets topped up abroad over the internet: from small change to large sums, by the card's own holder.
    private void MoveIntoSlice(Transaction row)
    {
        var ratio = _draw.LogNormal(1, 0.9);
        row.Category = CardFeatures.NewCategory;
        row.Numbers = Row(
            amount: _draw.LogNormal(32, 0.45) * ratio,
            hour: _draw.Normal(14, 4.5),
            fromHome: _draw.LogNormal(1800, 0.7),
            fromLast: _draw.LogNormal(3, 1.2),
            lastHour: _draw.Poisson(0.4),
            lastDay: _draw.Poisson(3),
            ratio,
            deviceAge: _draw.LogNormal(180, 1),
            accountAge: _draw.LogNormal(900, 0.8),
            declines: _draw.Poisson(0.08),
            isForeign: true,
            isEcommerce: true,
            pinUsed: false);
    }

    private (string Name, double Scale) Category(bool fraudulent)
    {
        var at = _draw.Uniform(0, 1);
        foreach (var (name, honest, fraud, scale) in CardFeatures.Categories)
        {
            at -= fraudulent ? fraud : honest;
            if (at < 0) return (name, scale);
        }

        return (CardFeatures.Categories[^1].Name, CardFeatures.Categories[^1].Scale);
    }

    private static float[] Row(
        double amount, double hour, double fromHome, double fromLast, int lastHour, int lastDay, double ratio,
        double deviceAge, double accountAge, int declines, bool isForeign, bool isEcommerce, bool pinUsed) =>
    [
        Rounded(amount, 2), (((int)Math.Floor(hour) % 24) + 24) % 24, Rounded(fromHome, 1), Rounded(fromLast, 1),
        lastHour, lastDay, Rounded(ratio, 2), Rounded(deviceAge, 1), Rounded(accountAge, 1), declines,
        isForeign ? 1 : 0, isEcommerce ? 1 : 0, pinUsed ? 1 : 0,
    ];

    private static float Rounded(double value, int digits) => (float)Math.Round(value, digits);
}
