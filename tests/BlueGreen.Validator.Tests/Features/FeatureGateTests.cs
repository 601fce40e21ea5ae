using System.Globalization;
using BlueGreen.Contracts;
using BlueGreen.Platform.Traffic;
using BlueGreen.Tests;
using BlueGreen.Validator.Tests.Gates;
using Microsoft.Extensions.DependencyInjection;

namespace BlueGreen.Validator.Tests.Features;

public sealed class FeatureGateTests
{
    private const string Metadata = """
        {"name":"fraud","inputs":[{"name":"amount","datatype":"FP64","shape":[-1,1]},{"name":"country","datatype":"BYTES","shape":[-1,1]}],
        "outputs":[{"name":"score","datatype":"FP64","shape":[-1]}]}
        """;

    [Fact]
    public async Task Features_LiveRequestsLikeTheReference_Pass()
    {
        var gates = await JudgeAsync(Gate(), Requests(1000, seed: 1));
        Assert.Equal(["features-required", "features-null", "features-drift"], gates.Select(gate => gate.Gate));
        Assert.All(gates, gate => Assert.Equal(Verdict.Passed, gate.Verdict));
    }

    [Fact]
    public async Task Features_OneThatGreenRequiresIsLacking_FailsAndNamesIt()
    {
        var live = Requests(1000, seed: 1).Select((request, i) => i % 100 == 0 ? Request(0.5, null) : request);
        var required = (await JudgeAsync(Gate(), [.. live]))[0];
        Assert.Equal((Verdict.Failed, 0.01), (required.Verdict, required.Value!.Value));
        Assert.Equal("of 1000 live requests 10 lack country", required.Summary);
    }

    [Fact]
    public async Task Features_NamedByThePolicyAndLacking_Fail()
    {
        var required = (await JudgeAsync(Gate() with { Required = ["age"] }, Requests(200, seed: 1)))[0];
        Assert.Equal((Verdict.Failed, "of 200 live requests 200 lack age"), (required.Verdict, required.Summary));
    }

    [Theory]
    [InlineData(0.01, Verdict.Passed)]
    [InlineData(0.05, Verdict.Inconclusive)]
    [InlineData(0.15, Verdict.Failed)]
    public async Task Features_Nulls_AreJudgedByTheirInterval(double share, Verdict verdict)
    {
        var live = Requests(1000, seed: 1).Select((request, i) => i < share * 1000 ? Request(null, "DE") : request);
        var nulls = (await JudgeAsync(Gate(), [.. live]))[1];
        Assert.Equal((verdict, share), (nulls.Verdict, Math.Round(nulls.Value!.Value, 4)));
        Assert.Contains("amount is null most often", nulls.Summary, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.5, false, "amount")]
    [InlineData(0.0, true, "country")]
    public async Task Features_Drift_FailsAndNamesTheFeature(double shift, bool abroad, string feature)
    {
        var live = Requests(1000, seed: 1, shift, abroad);
        var drift = (await JudgeAsync(Gate(), live))[2];
        Assert.Equal(Verdict.Failed, drift.Verdict);
        Assert.StartsWith($"{feature}, the worst of 2 features", drift.Summary, StringComparison.Ordinal);
        var ignored = await JudgeAsync(Gate() with { Ignore = [feature] }, live);
        Assert.Equal(Verdict.Passed, ignored[2].Verdict);
    }

    [Fact]
    public async Task Features_TooFewLiveRequests_IsInconclusive()
    {
        var gates = await JudgeAsync(Gate(), Requests(50, seed: 1));
        Assert.All(gates, gate => Assert.Equal(Verdict.Inconclusive, gate.Verdict));
        Assert.Contains("50 live requests, fewer than 100", gates[0].Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Features_FirstDeployment_IsNotApplicable()
    {
        var gates = await JudgeAsync(Gate(), [], isFirst: true);
        Assert.All(gates, gate => Assert.Equal(Verdict.NotApplicable, gate.Verdict));
    }

    private static FeatureGate Gate() => new()
    {
        Reference = Judges.File,
        MaxNullRate = 0.05,
        Statistic = "ks",
        Margin = 0.15,
        Confidence = 0.95,
        Requests = 2000,
    };

    private static async Task<IReadOnlyList<GateResult>> JudgeAsync(FeatureGate gate, IReadOnlyList<string> live, bool isFirst = false)
    {
        await using var green = await ModelServer.StartAsync(_ => Task.FromResult(ModelServer.Scores(0.5)));
        green.Metadata = Metadata;
        var command = Judges.Command(
            ModelServer.Fleet(green), isFirst ? null : ModelServer.Fleet(green), new() { Health = new(), Features = gate });
        var outcome = await Judges.JudgeAsync(command, string.Join('\n', Requests(1000, seed: 2)), services => services.AddSingleton<ICapturedTraffic>(
            new Judges.Captures([.. live.Select(body => new CapturedRequest("application/json", body))])));
        return [.. (outcome is EnvironmentValidated passed ? passed.Gates : Assert.IsType<ValidationFailed>(outcome).Gates).Skip(1)];
    }

    private static string[] Requests(int count, int seed, double shift = 0, bool abroad = false)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => Request(
            random.NextDouble() + shift, abroad && random.NextDouble() < 0.5 ? "US" : random.NextDouble() < 0.7 ? "DE" : "FR"))];
    }

    private static string Request(double? amount, string? country)
    {
        var first = string.Create(CultureInfo.InvariantCulture, $$"""{"name":"amount","shape":[1,1],"datatype":"FP64","data":[{{(amount is { } number ? $"{number:R}" : "null")}}]}""");
        return country is null ? $$"""{"inputs":[{{first}}]}""" : $$"""{"inputs":[{{first}},{"name":"country","shape":[1,1],"datatype":"BYTES","data":["{{country}}"]}]}""";
    }
}
