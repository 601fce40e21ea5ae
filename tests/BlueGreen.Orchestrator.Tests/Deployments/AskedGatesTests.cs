using BlueGreen.Contracts;
using BlueGreen.Orchestrator.Deployments;

namespace BlueGreen.Orchestrator.Tests.Deployments;

/// <summary>I2: a gate that the policy asks for and that no result speaks of keeps traffic where it is.</summary>
public sealed class AskedGatesTests
{
    private static readonly Guid Environment = Guid.NewGuid();

    [Theory]
    [InlineData("health distribution-psi schema golden-recall golden-tolerance paired features-null compatibility external-spend", true)]
    [InlineData("health schema golden-recall golden-tolerance paired features-null compatibility external-spend", false)]
    [InlineData("health distribution-ks schema golden-recall golden-tolerance paired features-null compatibility external-spend", false)]
    [InlineData("health distribution-psi golden-recall golden-tolerance paired features-null compatibility external-spend", false)]
    [InlineData("health distribution-psi schema golden-recall paired features-null compatibility external-spend", false)]
    [InlineData("health distribution-psi schema golden-recall golden-tolerance features-null compatibility external-spend", false)]
    [InlineData("health distribution-psi schema golden-recall golden-tolerance paired features-null compatibility external-cpu", false)]
    [InlineData("health distribution-psi schema golden-recall golden-tolerance paired compatibility external-spend", false)]
    [InlineData("health distribution-psi schema golden-recall golden-tolerance paired features-null external-spend", false)]
    public void Switch_NeedsAResultOfEveryGateAskedFor(string results, bool may)
    {
        var file = new BlobReference { Sha256 = "", Name = "golden.jsonl" };
        var source = new MetricSource { Kind = "prometheus", Address = new("http://p/"), Query = "spend" };
        var gates = new GatePolicy
        {
            Health = new(),
            Distribution = new() { Statistic = "psi", Margin = 0.2, Confidence = 0.95, MinSamples = 1000, MaxSamples = 5000 },
            Schema = new(),
            Golden = new() { File = file, Label = "/label", MinRecall = 0.8, Tolerance = 0.1 },
            Paired = new() { MaxDisagreement = 0.1, Tolerance = 0.1, Requests = 100 },
            Features = new() { MaxNullRate = 0.1, Statistic = "ks", Margin = 0.1, Confidence = 0.95, Requests = 100 },
            Compatibility = new() { Path = "/compatibility" },
            External = [new() { Name = "spend", Source = source, High = 1 }],
        };
        var saga = new Deployment { EnvironmentId = Environment, Fingerprint = "f", Plan = Plan(gates) };
        Assert.Equal(may, saga.MaySwitchOn(new EnvironmentValidated
        {
            DeploymentId = Guid.NewGuid(),
            Attempt = 1,
            EnvironmentId = Environment,
            Fingerprint = "f",
            Gates = [.. results.Split(' ').Select(name => new GateResult { Gate = name, Verdict = Verdict.Passed, Unit = "", Samples = 1, Summary = "" })],
        }));
    }

    private static DeploymentPlan Plan(GatePolicy gates) => new()
    {
        Template = null!,
        ProvisionDeadline = default,
        ProvisionAttempts = 1,
        Warmup = null!,
        Gates = gates,
        Bake = null!,
        QuarantineTtl = default,
        UnservedTtl = default,
        Deadline = default,
    };
}
