using BlueGreen.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Validator.Tests.Gates;

public sealed class CompatibilityGateTests
{
    private const string Two = """{"input":{"reads":[1,2],"writes":2},"state":{"reads":[1,2],"writes":2}}""";

    [Theory]
    [InlineData(Two, Two, Verdict.Passed, "blue and green each read the other's input, state")]
    [InlineData("""{"input":{"reads":[2],"writes":2},"state":{"reads":["2","3"],"writes":"3"}}""", Two, Verdict.Failed, "green writes state 3, blue reads 1, 2")]
    [InlineData("""{"input":{"reads":[3],"writes":2},"state":{"reads":[2],"writes":2}}""", Two, Verdict.Failed, "blue writes input 2, green reads 3")]
    [InlineData("""{"state":{"reads":[2]}}""", Two, Verdict.Failed, "blue declares its input, green does not")]
    [InlineData("""{"state":{"reads":[2]}}""", """{"state":{"reads":[7]}}""", Verdict.Passed, "blue and green each read the other's state")]
    [InlineData("""{"version":3}""", Two, Verdict.Inconclusive, "not measured: green: /compatibility declares nothing")]
    [InlineData(Two, null, Verdict.Inconclusive, "not measured: blue: /compatibility: ")]
    public async Task Compatibility_EachMustReadWhatTheOtherWrites(string? green, string? blue, Verdict verdict, string summary)
    {
        await using var greenServer = await StartAsync(green);
        await using var blueServer = await StartAsync(blue);
        var result = await JudgeAsync(Fleet(greenServer), Fleet(blueServer));
        Assert.Equal(verdict, result.Verdict);
        Assert.StartsWith(summary, result.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compatibility_FirstDeployment_IsNotApplicable()
    {
        await using var green = await StartAsync(Two);
        Assert.Equal(Verdict.NotApplicable, (await JudgeAsync(Fleet(green), null)).Verdict);
    }

    private static async Task<GateResult> JudgeAsync(Fleet green, Fleet? blue)
    {
        var outcome = await Judges.JudgeAsync(Judges.Command(green, blue, new() { Compatibility = new() { Path = "/compatibility" } }));
        return Assert.Single(outcome is EnvironmentValidated passed ? passed.Gates : Assert.IsType<ValidationFailed>(outcome).Gates);
    }

    private static async Task<WebApplication> StartAsync(string? declaration)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapGet("/compatibility", () => declaration is null ? Results.NotFound() : Results.Text(declaration, "application/json"));
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }

    private static Fleet Fleet(WebApplication server) => new()
    {
        EnvironmentId = Guid.NewGuid(),
        Model = "fraud",
        Version = "1",
        Protocol = "open-inference-v2",
        Replicas = [new Replica { Index = 0, Address = new(server.Urls.First() + "/") }],
    };
}
