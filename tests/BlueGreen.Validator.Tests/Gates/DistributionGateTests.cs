using System.Globalization;
using BlueGreen.Contracts;
using BlueGreen.Judging.Distributions;
using BlueGreen.Tests;

namespace BlueGreen.Validator.Tests.Gates;

public sealed class DistributionGateTests
{
    public static TheoryData<string> Statistics() => [.. DistributionStatistic.All.Select(statistic => statistic.Name)];

    [Theory]
    [MemberData(nameof(Statistics))]
    public async Task Distribution_EveryStatistic_PassesTheSameModelAndFailsAShiftedOne(string statistic)
    {
        await using var blue = await ModelServer.StartAsync(request => Task.FromResult(ModelServer.Scores(request.Value)));
        await using var same = await ModelServer.StartAsync(request => Task.FromResult(ModelServer.Scores(request.Value)));
        await using var shifted = await ModelServer.StartAsync(request => Task.FromResult(ModelServer.Scores(request.Value + 0.5)));
        var gates = new GatePolicy
        {
            Health = new(),
            Distribution = Judges.Of(statistic, DistributionStatistic.Find(statistic)!.DefaultMargin),
            Payloads = Judges.File,
        };

        var passed = Assert.IsType<EnvironmentValidated>(await Judges.JudgeAsync(
            Judges.Command(ModelServer.Fleet(same), ModelServer.Fleet(blue), gates), Judges.Golden(4000)));
        var failed = Assert.IsType<ValidationFailed>(await Judges.JudgeAsync(
            Judges.Command(ModelServer.Fleet(shifted), ModelServer.Fleet(blue), gates), Judges.Golden(4000)));

        Assert.Equal($"distribution-{statistic}", passed.Gates[1].Gate);
        Assert.InRange(passed.Gates[1].FalseAlarmRate ?? 1, 0, 0.05);
        Assert.Equal(Verdict.Failed, failed.Gates[1].Verdict);
        Assert.Contains("beyond the margin", failed.Reason, StringComparison.Ordinal);
    }

    /// <summary>One country in ten is shifted by half of the range: the whole moves by 0.05, far within the margin.</summary>
    [Fact]
    public async Task Distribution_OneSliceShifted_IsFoundAndNamed()
    {
        await using var blue = await ModelServer.StartAsync(request => Task.FromResult(ModelServer.Scores(request.Value)));
        await using var green = await ModelServer.StartAsync(request =>
            Task.FromResult(ModelServer.Scores(request.Value + ((int)(request.Value * 10_000) % 10 == 3 ? 0.5 : 0))));
        var gates = new GatePolicy
        {
            Health = new(),
            Distribution = Judges.Ks(margin: 0.25, min: 2000, max: 4000) with { SliceBy = "/parameters/country" },
            Payloads = Judges.File,
        };
        var failed = Assert.IsType<ValidationFailed>(await Judges.JudgeAsync(
            Judges.Command(ModelServer.Fleet(green), ModelServer.Fleet(blue), gates), Sliced(8000)));
        Assert.Contains("slice c3: ", failed.Reason, StringComparison.Ordinal);
        Assert.IsType<EnvironmentValidated>(await Judges.JudgeAsync(
            Judges.Command(ModelServer.Fleet(blue), ModelServer.Fleet(blue), gates), Sliced(8000)));
    }

    private static string Sliced(int count) => string.Join('\n', Enumerable.Range(0, count).Select(i =>
    {
        var value = (i + 0.5) / count;
        return string.Create(CultureInfo.InvariantCulture,
            $$$"""{"parameters":{"country":"c{{{(int)(value * 10_000) % 10}}}"},"inputs":[{"name":"x","shape":[1,1],"datatype":"FP64","data":[{{{value}}}]}]}""");
    }));
}
