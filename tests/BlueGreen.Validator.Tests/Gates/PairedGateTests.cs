using BlueGreen.Contracts;
using BlueGreen.Tests;
using Microsoft.AspNetCore.Http;

namespace BlueGreen.Validator.Tests.Gates;

public sealed class PairedGateTests
{
    [Theory]
    [InlineData(0.0, Verdict.Passed)]
    [InlineData(0.05, Verdict.Passed)]
    [InlineData(0.2, Verdict.Failed)]
    public async Task Paired_SameRequestsToBoth(double difference, Verdict verdict)
    {
        await using var green = await ModelServer.StartAsync(request => Answer(request, difference));
        await using var blue = await ModelServer.StartAsync(request => Answer(request, 0));
        (green.Bodies, blue.Bodies) = ([], []);
        var command = Judges.Command(ModelServer.Fleet(green), ModelServer.Fleet(blue), new()
        {
            Health = new(),
            Paired = new() { MaxDisagreement = 0.05, Tolerance = 0.1, Requests = 300 },
            Payloads = Judges.File,
        });
        var outcome = await Judges.JudgeAsync(command, Judges.Golden(400));
        var gates = outcome is EnvironmentValidated passed ? passed.Gates : Assert.IsType<ValidationFailed>(outcome).Gates;
        Assert.Equal(("paired", verdict, 300), (gates[1].Gate, gates[1].Verdict, gates[1].Samples));
        Assert.Equal(blue.Bodies.Order(), green.Bodies.Order());
    }

    private static Task<IResult> Answer(ModelRequest request, double difference) =>
        Task.FromResult(ModelServer.Scores(request.Value + difference));
}
