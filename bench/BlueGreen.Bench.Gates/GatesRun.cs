using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using BlueGreen.Contracts;
using BlueGreen.Judging.Distributions;

namespace BlueGreen.Bench.Gates;

/// <summary>Each distribution gate at its default policy, blue against blue and against a green that is twice the margin away; and bakes.</summary>
internal static class GatesRun
{
    private const string Bakes = "bakes";
    private const double MostFalseAlarms = 0.02;
    private const double LeastDetection = 0.95;
    private const double MostFalseRollbacks = 0.01;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <param name="trials">Of each kind, per gate.</param>
    /// <param name="only">A statistic, or <c>bakes</c>; null: all.</param>
    /// <param name="output">Where the line of JSON goes.</param>
    /// <param name="table">Where the table goes.</param>
    /// <param name="isWatched">Whether somebody looks at it meanwhile.</param>
    public static int Run(int trials, string? only, TextWriter output, TextWriter table, bool isWatched)
    {
        var statistics = DistributionStatistic.All.Where(statistic => only is null || only == statistic.Name).ToList();
        var bakes = only is null or Bakes ? trials : 0;
        var progress = new Progress(table, isWatched, (statistics.Count * ((2 * trials) + AtMargin(trials))) + bakes + (bakes / 10));
        table.WriteLine($"{trials} A/A and {trials} A/B trials per gate, 1000..5000 scores per side, 95 % confidence");
        table.WriteLine("statistic       margin  false alarms  (refused or undecided)  detected at 2 x margin  (undecided)  at the margin: refused  (let through)");
        var gates = statistics.Select(statistic => Measure(statistic, trials, table, progress)).ToList();
        var falseRollbacks = Share(bakes, progress, seed => BakeTrial.Fails(0.01, 0.01, seed));
        var caught = Share(bakes / 10, progress, seed => BakeTrial.Fails(0.03, 0.01, seed));
        progress.Clear();
        if (bakes > 0) table.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"bakes of {BakeTrial.Looks} looks at the limit: {falseRollbacks:0.00%} rolled back; at 3 x the error limit: {caught:0.0%}; {progress.Elapsed.TotalSeconds:0} s in all"));
        var holds = gates.All(gate => gate.FalseAlarms <= MostFalseAlarms && gate.Detection >= LeastDetection) && falseRollbacks <= MostFalseRollbacks;
        output.WriteLine(JsonSerializer.Serialize(new Report(trials, gates, BakeTrial.Looks, falseRollbacks, caught, holds), Json));
        return holds ? 0 : 1;
    }

    private static GateFigures Measure(DistributionStatistic statistic, int trials, TextWriter table, Progress progress)
    {
        var gate = new DistributionGate
        {
            Statistic = statistic.Name,
            Margin = statistic.DefaultMargin,
            Confidence = 0.95,
            MinSamples = 1000,
            MaxSamples = 5000,
        };
        var shift = TrueEffect.Shift(gate, 2 * gate.Margin);
        var same = Verdicts(gate, 0, trials, firstSeed: 0, progress);
        var moved = Verdicts(gate, shift, trials, firstSeed: 1_000_000, progress);
        var edge = Verdicts(gate, TrueEffect.Shift(gate, gate.Margin), AtMargin(trials), firstSeed: 2_000_000, progress);
        var figures = new GateFigures(
            statistic.Name, gate.Margin, Of(same, Verdict.Failed), 1 - Of(same, Verdict.Passed), shift, Of(moved, Verdict.Failed), Of(moved, Verdict.Inconclusive),
            Of(edge, Verdict.Failed), Of(edge, Verdict.Passed));
        progress.Clear();
        table.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{figures.Statistic,-14} {figures.Margin,7:0.###} {figures.FalseAlarms,13:0.00%} {figures.NotPassed,24:0.00%} {figures.Detection,23:0.00%} {figures.Undecided,12:0.00%} {figures.RefusedAtMargin,23:0.00%} {figures.PassedAtMargin,14:0.00%}"));
        return figures;
    }

    /// <summary>A green exactly at the margin is right to refuse and right to let through: what tells how honest the intervals are. Each look is needed.</summary>
    private static int AtMargin(int trials) => Math.Max(1, trials / 4);

    private static Verdict[] Verdicts(DistributionGate gate, double shift, int trials, int firstSeed, Progress progress)
    {
        var verdicts = new Verdict[trials];
        Parallel.For(0, trials, i =>
        {
            verdicts[i] = Trial.Play(gate, shift, firstSeed + i).Verdict;
            progress.Step(gate.Statistic);
        });
        return verdicts;
    }

    private static double Share(int trials, Progress progress, Func<int, bool> happens)
    {
        var count = 0;
        Parallel.For(0, trials, seed =>
        {
            if (happens(seed)) Interlocked.Increment(ref count);
            progress.Step(Bakes);
        });
        return (double)count / Math.Max(1, trials);
    }

    private static double Of(Verdict[] verdicts, Verdict verdict) => (double)verdicts.Count(each => each == verdict) / verdicts.Length;

    /// <param name="Trials">Per gate, and bakes.</param>
    /// <param name="Gates">One per statistic.</param>
    /// <param name="BakeLooks">Looks of a bake.</param>
    /// <param name="FalseRollbacks">Share of clean bakes that were failed.</param>
    /// <param name="BakeDetection">Share of bakes with three times the error limit that were failed.</param>
    /// <param name="Holds">Whether every figure is what it must be.</param>
    private sealed record Report(
        int Trials, IReadOnlyList<GateFigures> Gates, int BakeLooks, double FalseRollbacks, double BakeDetection, [property: JsonPropertyName("holds")] bool Holds);

    /// <param name="Statistic">Its name.</param>
    /// <param name="Margin">The default one.</param>
    /// <param name="FalseAlarms">Share of A/A trials that failed.</param>
    /// <param name="NotPassed">Share of A/A trials that failed or stayed undecided.</param>
    /// <param name="Shift">Of the score's mean, in standard deviations, whose effect is twice the margin.</param>
    /// <param name="Detection">Share of trials with that shift that failed.</param>
    /// <param name="Undecided">Share of these that stayed undecided.</param>
    /// <param name="RefusedAtMargin">Share of trials exactly at the margin that failed: at 95 % confidence 2.5 % at most.</param>
    /// <param name="PassedAtMargin">Share of these that passed: 2.5 % at most.</param>
    private sealed record GateFigures(
        string Statistic, double Margin, double FalseAlarms, double NotPassed, double Shift, double Detection, double Undecided,
        double RefusedAtMargin, double PassedAtMargin);
}
