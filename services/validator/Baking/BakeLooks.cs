using BlueGreen.Contracts;
using BlueGreen.Judging.Evidence;

namespace BlueGreen.Validator.Baking;

/// <summary>The looks of one bake that are kept: all while they are few, then every one at which a verdict changed, and thinner and thinner the others.</summary>
internal sealed class BakeLooks
{
    private readonly int _most;
    private List<BakeLook> _looks;

    /// <param name="most">Looks to keep, about.</param>
    /// <param name="earlier">What was kept before a crash; null: nothing.</param>
    public BakeLooks(int most, BakeEvidence? earlier)
    {
        _most = most;
        _looks = [.. earlier?.Looks ?? []];
        Taken = earlier?.Taken ?? 0;
    }

    public int Taken { get; private set; }

    public IReadOnlyList<BakeLook> Kept => _looks;

    public void Add(DateTimeOffset at, IReadOnlyList<GateResult> metrics)
    {
        Taken++;
        if (_looks.Count >= _most) Thin();
        _looks.Add(new() { At = at, Metrics = metrics });
    }

    private void Thin()
    {
        var plain = 0;
        List<BakeLook> kept = [.. _looks.Where((look, place) => place == 0 || !SaysTheSame(look, _looks[place - 1]) || plain++ % 2 == 0)];
        // Verdicts that change all the time: the newest say how it ended.
        _looks = kept.Count <= _most * 3 / 4 ? kept : kept[^(_most * 3 / 4)..];
    }

    private static bool SaysTheSame(BakeLook one, BakeLook other) =>
        one.Metrics.Select(metric => (metric.Gate, metric.Verdict)).SequenceEqual(other.Metrics.Select(metric => (metric.Gate, metric.Verdict)));
}
