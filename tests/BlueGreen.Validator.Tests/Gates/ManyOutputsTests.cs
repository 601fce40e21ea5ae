using System.Globalization;
using BlueGreen.Contracts;
using BlueGreen.Tests;
using Microsoft.AspNetCore.Http;

namespace BlueGreen.Validator.Tests.Gates;

/// <summary>Models with more than one output: a score, probabilities by class, a label, an identifier.</summary>
public sealed class ManyOutputsTests
{
    [Theory]
    [InlineData("ks")]
    [InlineData("chi-square")]
    public async Task Distribution_OnlyTheLabelsDiffer_IsFoundAndNamed(string statistic)
    {
        var results = await JudgeAsync(Gates(statistic), green => green with { Label = green.Score < 0.5 ? "refuse" : "accept" });
        var gate = results.Single(result => result.Gate == $"distribution-{statistic}");
        Assert.Equal((Verdict.Failed, "label"), (gate.Verdict, gate.Output));
        Assert.Equal(statistic == "ks" ? "JS" : "V", gate.Unit);
        Assert.InRange(gate.FalseAlarmRate ?? 1, 0, 0.05);
        Assert.Contains("output label: ", gate.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Distribution_OneColumnOfProbabilitiesDiffers_IsFoundAndNamed()
    {
        var results = await JudgeAsync(Gates("ks"), green => green with { Second = green.Second + 0.4 });
        var gate = results.Single(result => result.Gate == "distribution-ks");
        Assert.Equal((Verdict.Failed, "classes.1"), (gate.Verdict, gate.Output));
    }

    [Fact]
    public async Task Gates_SameModel_PassWhateverIdentifiersItGives()
    {
        var results = await JudgeAsync(Gates("ks"), green => green with { Id = Guid.NewGuid().ToString() });
        Assert.All(results, result => Assert.Equal((result.Gate, Verdict.Passed), (result.Gate, result.Verdict)));
        Assert.Contains("4 outputs: ", results.Single(result => result.Gate == "distribution-ks").Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Gates_OutputThatDiffers_PassWhenItIsIgnored()
    {
        var gates = Gates("ks");
        gates = gates with { Distribution = gates.Distribution! with { Ignore = ["classes"] }, Paired = gates.Paired! with { Ignore = ["classes"] } };
        var results = await JudgeAsync(gates, green => green with { Second = green.Second + 0.4 });
        Assert.All(results, result => Assert.Equal((result.Gate, Verdict.Passed), (result.Gate, result.Verdict)));
    }

    [Fact]
    public async Task Paired_OnlyTheLabelsDiffer_IsFoundAndNamed()
    {
        var results = await JudgeAsync(Gates("ks"), green => green with { Label = green.Score is > 0.3 and < 0.5 ? "accept" : green.Label });
        var gate = results.Single(result => result.Gate == "paired");
        Assert.Equal((Verdict.Failed, "label"), (gate.Verdict, gate.Output));
        Assert.InRange(gate.Value ?? 0, 0.1, 0.3);
        Assert.Contains("refuse → accept", gate.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Distribution_GreenDoesNotGiveAnOutput_IsInconclusive()
    {
        var results = await JudgeAsync(Gates("ks"), green => green with { Label = null });
        var gate = results.Single(result => result.Gate == "distribution-ks");
        Assert.Equal(Verdict.Inconclusive, gate.Verdict);
        Assert.Contains("green gives no output label", gate.Summary, StringComparison.Ordinal);
        Assert.Equal(("label", Verdict.Failed), results.Where(result => result.Gate == "paired").Select(result => (result.Output, result.Verdict)).Single());
    }

    private static GatePolicy Gates(string statistic) => new()
    {
        Health = new(),
        Distribution = Judges.Of(statistic, 0.25) with { MinSamples = 1000, MaxSamples = 1000 },
        Paired = new() { MaxDisagreement = 0.05, Tolerance = 0.1, Requests = 300 },
        Payloads = Judges.File,
    };

    private static async Task<IReadOnlyList<GateResult>> JudgeAsync(GatePolicy gates, Func<Prediction, Prediction> change)
    {
        await using var blue = await ModelServer.StartAsync(request => Task.FromResult(Answer(Predict(request.Value))));
        await using var green = await ModelServer.StartAsync(request => Task.FromResult(Answer(change(Predict(request.Value)))));
        var outcome = await Judges.JudgeAsync(Judges.Command(ModelServer.Fleet(green), ModelServer.Fleet(blue), gates), Judges.Golden(2000));
        return outcome is EnvironmentValidated passed ? passed.Gates : Assert.IsType<ValidationFailed>(outcome).Gates;
    }

    private static Prediction Predict(double value) => new(value, 1 - value, value, value < 0.9 ? "refuse" : "accept", FormattableString.Invariant($"id-{value}"));

    private static IResult Answer(Prediction prediction) => Results.Text(string.Create(CultureInfo.InvariantCulture, $$"""
        {"model_name":"fraud","outputs":[
          {"name":"score","datatype":"FP64","shape":[1],"data":[{{prediction.Score}}]},
          {{(prediction.Label is null ? "" : $$"""{"name":"label","datatype":"BYTES","shape":[1],"data":["{{prediction.Label}}"]},""")}}
          {"name":"id","datatype":"BYTES","shape":[1],"data":["{{prediction.Id}}"]},
          {"name":"classes","datatype":"FP64","shape":[1,2],"data":[{{prediction.First}},{{prediction.Second}}]}]}
        """), "application/json");

    private sealed record Prediction(double Score, double First, double Second, string? Label, string Id);
}
