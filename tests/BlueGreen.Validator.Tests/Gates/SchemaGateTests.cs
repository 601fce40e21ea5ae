using System.Text.Json;
using BlueGreen.Contracts;
using BlueGreen.Tests;
using BlueGreen.Validator.Gates;
using Microsoft.AspNetCore.Http;

namespace BlueGreen.Validator.Tests.Gates;

public sealed class SchemaGateTests
{
    [Theory]
    [InlineData("""{"name":"x","datatype":"FP64","shape":[-1,1]}""", """{"name":"score","datatype":"FP64","shape":[-1]}""", "")]
    [InlineData("""{"name":"x","datatype":"FP32","shape":[-1,1]}""", """{"name":"score","datatype":"FP64","shape":[-1]}""", "input x: FP32 [-1, 1] and FP64")]
    [InlineData("""{"name":"y","datatype":"FP64","shape":[-1,1]}""", """{"name":"score","datatype":"FP64","shape":[-1]}""", "input y: blue's callers do not send it")]
    [InlineData("""{"name":"x","datatype":"FP64","shape":[-1,1]}""", """{"name":"risk","datatype":"FP64","shape":[-1]}""", "output score: green does not give it")]
    public async Task Schema_GreenAgainstBlueAndTheRequests(string input, string output, string fault)
    {
        await using var blue = await ModelServer.StartAsync(request => Task.FromResult(ModelServer.Scores(request.Value)));
        await using var green = await ModelServer.StartAsync(request => Task.FromResult(ModelServer.Scores(request.Value)));
        blue.Metadata = """{"inputs":[{"name":"x","datatype":"FP64","shape":[-1,1]}],"outputs":[{"name":"score","datatype":"FP64","shape":[-1]}]}""";
        green.Metadata = $$"""{"inputs":[{{input}}],"outputs":[{{output}}]}""";
        var command = Judges.Command(
            ModelServer.Fleet(green), ModelServer.Fleet(blue), new() { Health = new(), Schema = new(), Payloads = Judges.File });
        var outcome = await Judges.JudgeAsync(command, Judges.Golden(20));
        if (fault.Length == 0) Assert.Equal(Verdict.Passed, Assert.IsType<EnvironmentValidated>(outcome).Gates[1].Verdict);
        else Assert.Contains(fault, Assert.IsType<ValidationFailed>(outcome).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Schema_ClassifierThatAnswersLabels_Passes()
    {
        await using var green = await LabelsAsync("\"fraud\"");
        await using var mute = await LabelsAsync("\"\"");
        var passed = await Judges.JudgeAsync(Judges.Command(ModelServer.Fleet(green), null, new() { Health = new(), Schema = new(), Payloads = Judges.File }), Judges.Golden(20));
        Assert.Equal(Verdict.Passed, Assert.IsType<EnvironmentValidated>(passed).Gates[1].Verdict);
        var failed = await Judges.JudgeAsync(Judges.Command(ModelServer.Fleet(mute), null, new() { Health = new(), Schema = new(), Payloads = Judges.File }), Judges.Golden(20));
        Assert.Contains("an answer predicts nothing", Assert.IsType<ValidationFailed>(failed).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Schema_ProtocolWithoutMetadata_IsNotApplicableAndSaysWhy()
    {
        await using var green = await ModelServer.StartAsync(request => Task.FromResult(ModelServer.Scores(request.Value)));
        var fleet = ModelServer.Fleet(green) with { Protocol = "mlflow" };
        var result = Assert.IsType<ValidationFailed>(await Judges.JudgeAsync(Judges.Command(fleet, null, new() { Schema = new() }))).Gates[0];
        Assert.Equal(Verdict.NotApplicable, result.Verdict);
        Assert.Contains("'mlflow' has no model metadata", result.Summary, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"instances":[{"x":1,"y":2},{"x":3}]}""", "y")]
    [InlineData("""{"inputs":{"x":[1],"y":[2]}}""", "")]
    [InlineData("""{"instances":[[1,2]]}""", "x y")]
    [InlineData("""{"signature_name":"other","instances":[{"z":1}]}""", "")]
    [InlineData("[]", "")]
    public void TensorFlowRows_NameTheInputsThatTheModelDeclares(string request, string missing) =>
        Assert.Equal(missing, string.Join(' ', TensorFlowRows.Missing([new("x", "FP32", [-1]), new("y", "FP32", [-1])], JsonElement.Parse(request))));

    [Fact]
    public void TensorFlowRows_OnlyInput_NeedsNoName() =>
        Assert.Empty(TensorFlowRows.Missing([new("x", "FP32", [-1])], JsonElement.Parse("""{"instances":[[1,2],[3,4]]}""")));

    private static async Task<ModelServer> LabelsAsync(string label)
    {
        var server = await ModelServer.StartAsync(_ => Task.FromResult(Results.Text(
            $$"""{"outputs":[{"name":"class","datatype":"BYTES","shape":[1],"data":[{{label}}]}]}""", "application/json")));
        server.Metadata = """{"inputs":[{"name":"x","datatype":"FP64","shape":[-1,1]}],"outputs":[{"name":"class","datatype":"BYTES","shape":[-1]}]}""";
        return server;
    }

    [Fact]
    public async Task Schema_NoMetadata_IsInconclusive()
    {
        await using var green = await ModelServer.StartAsync(request => Task.FromResult(ModelServer.Scores(request.Value)));
        green.Metadata = "{}";
        var outcome = await Judges.JudgeAsync(Judges.Command(ModelServer.Fleet(green), null, new() { Health = new(), Schema = new() }));
        Assert.Equal(Verdict.Inconclusive, Assert.IsType<ValidationFailed>(outcome).Gates[1].Verdict);
    }
}
