using BlueGreen.Contracts;
using BlueGreen.Tests;

namespace BlueGreen.Validator.Tests.Baking;

public sealed class BlueWatchTests
{
    /// <summary>The router cannot be read, so the bake goes on to its end and is inconclusive: what is heard before is about blue.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Bake_BlueIsNotWhole_OperatorsAreToldOnceAndGreenIsNotJudgedByIt(bool isWhole)
    {
        await using var first = await ModelServer.WithLatencyAsync(_ => 0);
        await using var second = await ModelServer.WithLatencyAsync(_ => 0);
        second.Ready = isWhole;
        await using var host = await ServiceHost.StartAsync<AttentionRequired, BakingInconclusive>(new ValidatorService(), new()
        {
            ["BlueGreen:Services:RouterUrls:0"] = "http://127.0.0.1:9/",
            ["BlueGreen:Validator:Baking:BlueProbeInterval"] = "00:00:00.100",
            ["BlueGreen:Validator:Gates:HealthPause"] = "00:00:00.010",
        });
        var command = new BeginBaking
        {
            DeploymentId = Guid.NewGuid(),
            Attempt = 1,
            Endpoint = "fraud",
            Green = ModelServer.Fleet(),
            Blue = ModelServer.Fleet(first, second),
            SwitchedAt = TimeProvider.System.GetUtcNow(),
            Bake = Traffic.Policy(Traffic.ErrorRate()) with { Duration = TimeSpan.FromSeconds(1), MaxDuration = TimeSpan.FromSeconds(6) },
        };
        await host.PublishAsync(command);
        if (!isWhole)
        {
            var attention = Assert.IsType<AttentionRequired>(await host.HearAsync());
            Assert.Equal(("fraud", command.DeploymentId), (attention.Endpoint, attention.DeploymentId!.Value));
            Assert.Contains("1 of 2 replicas are ready", attention.Reason, StringComparison.Ordinal);
        }

        var ended = Assert.IsType<BakingInconclusive>(await host.HearAsync());
        Assert.Equal(isWhole ? Verdict.Passed : Verdict.Failed, ended.Metrics.Single(metric => metric.Gate == "blue-health").Verdict);
        Assert.DoesNotContain("blue", ended.Reason, StringComparison.Ordinal);
    }
}
