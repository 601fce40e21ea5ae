using BlueGreen.Contracts;
using BlueGreen.Tests;

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
    public async Task Schema_NoMetadata_IsInconclusive()
    {
        await using var green = await ModelServer.StartAsync(request => Task.FromResult(ModelServer.Scores(request.Value)));
        green.Metadata = "{}";
        var outcome = await Judges.JudgeAsync(Judges.Command(ModelServer.Fleet(green), null, new() { Health = new(), Schema = new() }));
        Assert.Equal(Verdict.Inconclusive, Assert.IsType<ValidationFailed>(outcome).Gates[1].Verdict);
    }
}
