using BlueGreen.Contracts;
using BlueGreen.Judging.Evidence;

namespace BlueGreen.Judging.Tests.Evidence;

public sealed class RejudgementTests
{
    [Fact]
    public void Of_FactThatWasNotFoundThen_IsInconclusiveAndNotLeftOut()
    {
        var health = new GateResult { Gate = "health", Verdict = Verdict.Passed, Unit = "replicas", Samples = 2, Summary = "" };
        var evidence = new DeploymentEvidence
        {
            DeploymentId = Guid.NewGuid(),
            Attempt = 1,
            Endpoint = "fraud",
            EnvironmentId = Guid.NewGuid(),
            Fingerprint = "f",
            JudgedAt = TimeProvider.System.GetUtcNow(),
            Passed = true,
            Policy = new() { Health = new() },
            PolicyHash = "h",
            Gates = [GateEvidence.Of("health", health)],
        };
        var results = Rejudgement.Of(evidence, new() { Schema = new() }, [], TestContext.Current.CancellationToken);
        Assert.Equal([("health", Verdict.Passed), ("schema", Verdict.Inconclusive)], results.Select(result => (result.Gate, result.Verdict)));
        Assert.NotNull(Decision.WhyNot(results));
        Assert.Null(Decision.WhyNot(Rejudgement.Of(evidence, TestContext.Current.CancellationToken)));
    }
}
