using BlueGreen.Contracts;
using BlueGreen.Orchestrator.Policies;

namespace BlueGreen.Orchestrator.Tests.Policies;

public sealed class PolicyParserTests
{
    [Fact]
    public void Parse_EveryFieldGiven_IsWhatThePolicySays()
    {
        var policy = APolicy.Valid(APolicy.Full);

        Assert.Equal("fraud", policy.Name);
        Assert.Equal(new RoutePolicy("/risk/fraud", "fast", "serve-last"), policy.Route with { Traffic = new() });
        Assert.Equal(new ProvisionPolicy(TimeSpan.FromMinutes(90), 3), policy.Provision);
        Assert.Equal(TimeSpan.FromHours(6), policy.Deadline);
        Assert.Equal((3, 1.41), (policy.Environment.Replicas, policy.Environment.CostPerHour));
        Assert.Equal("4", policy.Environment.Command[^1]);
        Assert.Equal((100, 1000, 40, 0.04, 32), (policy.Warmup.MinRequests, policy.Warmup.MaxRequests, policy.Warmup.StableWindow,
            policy.Warmup.StableTolerance, policy.Warmup.MaxBatch));
        Assert.Equal(("golden.jsonl", "other.jsonl"), (policy.Warmup.Payloads!.Name, policy.Gates.Payloads!.Name));
        Assert.Equal(new LatencyGate { P50 = Ms(20), P95 = Ms(80), P99 = Ms(200), Requests = 300 }, policy.Gates.Latency);
        Assert.Equal(new ErrorRateGate { Max = 0.002 }, policy.Gates.ErrorRate);
        Assert.Equal(
            new DistributionGate { Statistic = "ks", Margin = 0.2, Confidence = 0.99, MinSamples = 500, MaxSamples = 2000 },
            policy.Gates.Distribution);
        Assert.Equal("rollback", policy.Bake.OnInconclusive);
        Assert.Equal(
        [
            new BakeMetric { Name = "error-rate", High = 0.01, FailureLimit = 2, MinRequests = 10 },
            new BakeMetric { Name = "latency-p99", Low = 1, High = 1500 },
        ], policy.Bake.Metrics);
        var alarm = Assert.Single(policy.Alarms);
        Assert.Equal(("alertmanager", TimeSpan.FromSeconds(30), "page"), (alarm.Source, alarm.For, alarm.Labels["severity"]));
        Assert.Equal((48, 12), (policy.Rollback.Quarantine.TotalHours, policy.Cleanup.UnservedTtl.TotalHours));
    }

    [Fact]
    public void Parse_OnlyRequiredFields_FillsInTheDefaults()
    {
        var policy = APolicy.Valid(APolicy.Minimal);

        Assert.Equal(new RoutePolicy("/fraud", "fast", "serve-last"), policy.Route);
        Assert.Equal(new PromotionPolicy("production-candidate", true, "queue", 0, false), policy.Promotion);
        Assert.Equal(TimeSpan.FromHours(4), policy.Deadline);
        Assert.Equal((50, 500, 30, 0.05), (policy.Warmup.MinRequests, policy.Warmup.MaxRequests, policy.Warmup.StableWindow, policy.Warmup.StableTolerance));
        Assert.NotNull(policy.Gates.Health);
        Assert.Equal(0.001, policy.Gates.ErrorRate!.Max);
        Assert.Null(policy.Gates.Distribution);
        Assert.Equal((1, 2, 2), (policy.Bake.Duration.TotalHours, policy.Bake.MaxDuration.TotalHours, policy.Bake.Retention.TotalHours));
        Assert.Equal((TimeSpan.FromSeconds(30), "hold"), (policy.Bake.Interval, policy.Bake.OnInconclusive));
        Assert.Equal([new BakeMetric { Name = "error-rate", High = 0.01 }, new BakeMetric { Name = "client-error-rate" }], policy.Bake.Metrics);
        Assert.Equal(["any"], policy.Alarms.Select(alarm => alarm.Source));
        Assert.All(policy.Alarms, alarm => Assert.Equal("fraud", Assert.Single(alarm.Labels).Value));
        Assert.Equal((72, 24), (policy.Rollback.Quarantine.TotalHours, policy.Cleanup.UnservedTtl.TotalHours));
    }

    [Fact]
    public void Parse_ShortBake_ScalesWhatHangsOnItsDuration()
    {
        var bake = APolicy.ParseWith("bake: { duration: 5s }").Policy!.Bake;

        Assert.Equal((5, 10, 10), (bake.Interval.TotalSeconds, bake.MaxDuration.TotalSeconds, bake.Retention.TotalSeconds));
    }

    [Fact]
    public void Parse_OnlyWarmupNamesPayloads_TheGatesSendThemToo()
    {
        var policy = APolicy.ParseWith("warmup: { payloads: golden.jsonl }").Policy!;

        Assert.Equal(policy.Warmup.Payloads, policy.Gates.Payloads);
    }

    [Fact]
    public void Parse_Json_IsTheSamePolicyAsYaml()
    {
        const string json = """
            { "apiVersion": "bluegreen/v1", "kind": "Endpoint", "metadata": { "name": "fraud" },
              "spec": { "environment": { "replicas": 2, "command": ["dotnet", "server.dll", "{artifact}", "{port}"] } } }
            """;

        var result = APolicy.Parse(json, PolicyFormat.Json);

        Assert.Empty(result.Errors);
        Assert.Equal(PolicyJson.Write(APolicy.Valid(APolicy.Minimal)), PolicyJson.Write(result.Policy!));
    }

    [Fact]
    public void Canonical_OrderCommentsUnitsAndSpelledOutDefaults_MakeNoDifference()
    {
        const string reordered = """
            kind: Endpoint
            metadata: { name: fraud }     # the same
            spec:
              bake: { retention: 120m, duration: 60m, metrics: [ { high: 0.01, name: error-rate }, { name: client-error-rate } ] }
              environment: { command: [dotnet, server.dll, '{artifact}', '{port}'], replicas: 2, driver: process }
            apiVersion: bluegreen/v1
            """;

        var (left, right) = (PolicyJson.Write(APolicy.Valid(APolicy.Minimal)), PolicyJson.Write(APolicy.Valid(reordered)));

        Assert.Equal(left, right);
        Assert.Matches("^[0-9a-f]{64}$", PolicyJson.Hash(left));
        Assert.NotEqual(PolicyJson.Hash(left), PolicyJson.Hash(PolicyJson.Write(APolicy.Valid(APolicy.Full))));
    }

    [Fact]
    public void Canonical_ReadBack_IsTheSamePolicy()
    {
        var json = PolicyJson.Write(APolicy.Valid(APolicy.Full));

        Assert.Equal(json, PolicyJson.Write(PolicyJson.Read(json)));
    }

    [Theory]
    [InlineData("{ cutover: strict }", "strict", "fence")]
    [InlineData("{ onControlPlaneLoss: fence }", "fast", "fence")]
    [InlineData("{ }", "fast", "serve-last")]
    public void Route_AStrictCutoverFences(string route, string cutover, string loss)
    {
        var policy = APolicy.Valid(APolicy.Minimal + $"  route: {route}\n");

        Assert.Equal((cutover, loss), (policy.Route.Cutover, policy.Route.OnControlPlaneLoss));
        Assert.Contains(
            APolicy.Parse(APolicy.Minimal + "  route: { cutover: strict, onControlPlaneLoss: serve-last }\n").Errors,
            error => error.Field == "spec.route.onControlPlaneLoss");
    }

    [Theory]
    [InlineData("shift: { canary: { percent: 10%, wait: 5m } }", 0.1, 1, 5)]
    [InlineData("shift: { linear: { step: 25%, wait: 1m }, stickyCookie: c }", 0.25, 0.25, 3)]
    public void Route_ShiftsByStepsOfKnownLength(string shift, double first, double step, int minutes)
    {
        var read = APolicy.Valid(APolicy.Minimal + $"  route: {{ {shift} }}\n").Route.Traffic.Shift!;

        Assert.Equal((first, step), (read.First, read.Step));
        Assert.Equal(TimeSpan.FromMinutes(minutes), RouteSection.LengthOf(read));
        Assert.Contains(APolicy.Parse(APolicy.Minimal + $"  route: {{ cutover: strict, {shift} }}\n").Errors, error => error.Field == "spec.route.shift");
        Assert.Contains(APolicy.Parse(APolicy.Minimal + $"  route: {{ {shift} }}\n  bake: {{ duration: 1m, maxDuration: 1m }}\n").Errors, error => error.Field == "spec.bake");
        Assert.NotEmpty(APolicy.Parse(APolicy.Minimal + "  route: { shift: { } }\n").Errors);
    }

    [Fact]
    public void Route_SaysHowRequestsAreCarried()
    {
        var traffic = APolicy.Valid(
            APolicy.Minimal + "  route: { timeout: 2s, maxBody: 512KiB, drain: 10s, mirror: { green: 10%, blue: 1% } }\n").Route.Traffic;

        Assert.Equal((TimeSpan.FromSeconds(2), 512 * 1024, TimeSpan.FromSeconds(10)), (traffic.Timeout, traffic.MaxBodyBytes, traffic.Drain));
        Assert.Equal((0.1, 0.01), (traffic.MirrorToGreen, traffic.MirrorToBlue));
    }

    [Fact]
    public void ToEndpointConfigured_CarriesWhatRouterAndRollbackNeed()
    {
        var configured = APolicy.Valid(APolicy.Full).ToEndpointConfigured("abc", 7);

        Assert.Equal(("fraud", "abc", 7L, "/risk/fraud"), (configured.Endpoint, configured.PolicyHash, configured.Revision, configured.Path));
        Assert.Equal(("fast", "serve-last", "production-candidate"), (configured.Cutover, configured.OnControlPlaneLoss, configured.PromotionStage));
        Assert.Single(configured.Alarms);
    }

    private static TimeSpan Ms(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
