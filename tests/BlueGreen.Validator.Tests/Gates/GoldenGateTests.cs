using System.Globalization;
using BlueGreen.Contracts;
using BlueGreen.Platform.Inference;
using BlueGreen.Tests;
using BlueGreen.Validator.Gates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Validator.Tests.Gates;

public sealed class GoldenGateTests
{
    [Theory]
    [InlineData(0.0, Verdict.Passed)]
    [InlineData(0.9, Verdict.Failed)]
    public async Task Golden_RecallAccuracyAndTolerance(double noise, Verdict verdict)
    {
        await using var green = await ModelServer.StartAsync(request =>
            Task.FromResult(ModelServer.Scores(request.Number % 2 == 0 ? request.Value : Math.Abs(noise - request.Value))));
        var gate = Gate() with { MinRecall = 0.8, MinAccuracy = 0.9, Tolerance = 0.1 };
        var gates = await JudgeAsync(green, gate, Labelled(200));
        Assert.Equal(["health", "golden-recall", "golden-accuracy", "golden-tolerance"], gates.Select(result => result.Gate));
        Assert.All(gates.Skip(1), result => Assert.Equal(verdict, result.Verdict));
    }

    [Fact]
    public async Task Golden_ProbabilitiesThatAreRight_AreCalibrated()
    {
        await using var green = await ModelServer.StartAsync(request => Task.FromResult(ModelServer.Scores(request.Value > 0.5 ? 1 : 0)));
        var gates = await JudgeAsync(green, Gate() with { MaxCalibrationError = 0.01 }, Labelled(100));
        Assert.Equal((Verdict.Passed, 0.0), (gates[1].Verdict, gates[1].Value!.Value));
    }

    [Fact]
    public async Task Golden_WithoutLabelsOrWithTooFew_IsInconclusive()
    {
        await using var green = await ModelServer.StartAsync(request => Task.FromResult(ModelServer.Scores(request.Value)));
        var none = await JudgeAsync(green, Gate() with { MinRecall = 0.5 }, Judges.Golden(50));
        Assert.Equal(Verdict.Inconclusive, none[1].Verdict);
        Assert.Contains("golden.jsonl, request 1: no label", none[1].Summary, StringComparison.Ordinal);
        var few = await JudgeAsync(green, Gate() with { MinRecall = 0.5 }, Labelled(10));
        Assert.Equal(Verdict.Inconclusive, few[1].Verdict);
    }

    /// <summary>CSV has no members: no labels, no slices, and no exception.</summary>
    [Fact]
    public void Payload_ThatIsNoJson_HasNoFields()
    {
        var payload = new InferencePayload("0.1,0.2\n0.3,0.4"u8.ToArray(), 2) { MediaType = "text/csv" };
        Assert.Null(PayloadField.Find(payload.Body, "/parameters/label"));
        Assert.Null(PayloadField.Numbers(payload.Body, "/parameters/label", payload.Rows));
        var slices = new Slices("/parameters/country", [payload], fewest: 1);
        Assert.Equal(["others"], slices.Names);
        Assert.Equal(0, slices.Of(payload));
    }

    [Fact]
    public async Task Golden_RequestsOfCsv_HaveNoLabelsAndAreInconclusive()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var green = builder.Build();
        green.MapGet("/ping", () => Results.Ok());
        green.MapPost("/invocations", () => Results.Text("0.5", "text/csv"));
        await green.StartAsync(TestContext.Current.CancellationToken);
        var fleet = ModelServer.Fleet() with { Protocol = "sagemaker", Replicas = [new() { Index = 0, Address = new(green.Urls.First() + "/") }] };
        var gate = Gate() with { MinRecall = 0.5 };
        var outcome = await Judges.JudgeAsync(
            Judges.Command(fleet, null, new() { Health = new(), Golden = gate }), string.Join('\n', Enumerable.Repeat("\"0.1,0.2\"", 50)));
        var result = Assert.IsType<ValidationFailed>(outcome).Gates[1];
        Assert.Equal(Verdict.Inconclusive, result.Verdict);
        Assert.Contains("golden.jsonl, request 1: no label", result.Summary, StringComparison.Ordinal);
    }

    private static GoldenGate Gate() => new() { File = Judges.File, Label = "/parameters/label" };

    private static async Task<IReadOnlyList<GateResult>> JudgeAsync(ModelServer green, GoldenGate gate, string file)
    {
        var outcome = await Judges.JudgeAsync(Judges.Command(ModelServer.Fleet(green), null, new() { Health = new(), Golden = gate }), file);
        return outcome is EnvironmentValidated passed ? passed.Gates : Assert.IsType<ValidationFailed>(outcome).Gates;
    }

    private static string Labelled(int count) => string.Join('\n', Enumerable.Range(0, count).Select(i =>
    {
        var value = (i + 0.5) / count;
        return string.Create(CultureInfo.InvariantCulture,
            $$$"""{"parameters":{"label":{{{(value > 0.5 ? 1 : 0)}}},"expected":{{{value}}}},"inputs":[{"name":"x","shape":[1,1],"datatype":"FP64","data":[{{{value}}}]}]}""");
    }));
}
