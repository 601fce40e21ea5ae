using BlueGreen.Chaos.Evidence;
using BlueGreen.Chaos.Judging;
using static BlueGreen.Chaos.Tests.Judging.GoodSeed;

namespace BlueGreen.Chaos.Tests.Judging;

/// <summary>A judge that finds nothing proves nothing: each kind of wrong is planted in a good seed and must be found, as what it is.</summary>
public sealed class JudgeTests
{
    private static readonly SeedEvidence Good = Create();

    [Fact]
    public void GoodSeed_NothingPlanted_IsGood() => Assert.Empty(Judge.Of(Good).All);

    [Fact]
    public void Lost_PromotionWithoutDeployment_IsFound() => AssertOnly(
        verdict => verdict.Lost, Good with { Promotions = [.. Good.Promotions, new AcknowledgedPromotion(Guid.NewGuid(), "v4")] }, "v4");

    [Fact]
    public void Lost_AlarmWithoutDecision_IsFound() => AssertOnly(verdict => verdict.Lost, Good with { Decisions = [] }, "alarm-v3");

    [Fact]
    public void Lost_AlarmTheHistoryNeverHeardOf_IsFound() => AssertOnly(
        verdict => verdict.Lost, Good with { History = [.. Good.History.Where(row => row.Kind != "alarm")] }, "alarm-v3");

    [Fact]
    public void Lost_FailedWithoutReason_IsFound() => AssertFound(
        verdict => verdict.Lost, Good with { Deployments = [.. Good.Deployments.Take(2), Good.Deployments[2] with { State = "Faulted", Reason = null }] }, "v3");

    [Fact]
    public void Lost_LastReleaseOfAPlatformThatIsWholeAgainFails_IsFound() => AssertOnly(
        verdict => verdict.Lost, Good with { LastVersion = "v3" }, "v3, after everything was mended: RolledBack");

    [Fact]
    public void Violations_MessageGivenUpDuringAnOutage_IsFound() => AssertOnly(
        verdict => verdict.Violations, Good with { Faults = [new FaultFact("router", "SwitchTraffic", V1, "Open", "57P01")] }, "router gave up SwitchTraffic of v1");

    [Fact]
    public void Violations_FaultOfNoDeployment_IsFound() => AssertOnly(
        verdict => verdict.Violations, Good with { Faults = [new FaultFact("rollback", "", null, "Open", "not JSON")] }, "no deployment");

    [Fact]
    public void Violations_ReplayedFaultStaysOpen_IsFound() => AssertOnly(
        verdict => verdict.Violations, Good with { Faults = [new FaultFact("env-manager", "ProvisionEnvironment", V2, "Open", "refused")] }, "still listed as open");

    [Fact]
    public void Violations_FaultThatWasMeantAndReplayed_IsNone() =>
        Assert.Empty(Judge.Of(Good with { Faults = [new FaultFact("env-manager", "ProvisionEnvironment", V2, "Replayed", "refused")] }).All);

    [Fact]
    public void Violations_TwoRoutersAnswerOneEpochDifferently_IsFound() => AssertOnly(
        verdict => verdict.Violations, Good.WithStream("alpha@router-2", Answer(1.6, E2, "v2", "1")), "epoch 1 was answered by");

    /// <summary>The veto says 8.0 s, the alarm was answered at 8.1 s: in between the second replica hears of it.</summary>
    [Fact]
    public void Violations_SecondReplicaAnswersBeforeTheAlarmIsAnswered_IsNone() =>
        Assert.Empty(Judge.Of(Good.WithStream("alpha@router-2", Answer(8.09, E3, "v3", "5"))).All);

    [Fact]
    public void Violations_SecondReplicaAnswersAfterTheAlarmWasAnswered_IsFound() => AssertOnly(
        verdict => verdict.Violations, Good.WithStream("alpha@router-2", Answer(8.2, E3, "v3", "5")), "alpha@router-2: answered by a reverted deployment");

    [Fact]
    public void Violations_PausedReplicaAnswersBeforeItCanKnow_IsNone() => Assert.Empty(Judge.Of(
        Good.WithStream("alpha@router-2", Answer(8.7, E3, "v3", "5")) with { RouterOutages = [Standstill(7.9, 8.5)] }).All);

    [Fact]
    public void Violations_ReplicaAnswersLongAfterItsPause_IsFound() => AssertOnly(
        verdict => verdict.Violations,
        Good.WithStream("alpha@router-2", Answer(12, E3, "v3", "5")) with { RouterOutages = [Standstill(7.9, 8.5)] }, "answered by a reverted deployment");

    [Fact]
    public void UnexplainedFailures_RequestFailsWhileOnlyTheOtherRouterIsDown_IsFound() => AssertOnly(
        verdict => verdict.UnexplainedFailures, Good.WithStream("alpha@router-2", Answer(1.6, E1, "v1", "1"), Failure(21, 21.1)), "connection refused");

    [Fact]
    public void UnexplainedFailures_RequestFailsWhileTheRouterIsPaused_IsFound() => AssertOnly(
        verdict => verdict.UnexplainedFailures,
        Good.WithRequest(Failure(15, 15.1)) with { RouterOutages = [Standstill(14, 16, "router")] }, "connection refused");

    [Fact]
    public void DoubleEffects_TwoSwitchesAtOneEpoch_AreFound() => AssertFound(
        verdict => verdict.DoubleEffects, Good with { Switches = [.. Good.Switches, Good.Switches[1] with { DeploymentId = V3 }] }, "share epoch 3");

    [Fact]
    public void DoubleEffects_EpochThatNothingMinted_IsFound() => AssertOnly(
        verdict => verdict.DoubleEffects, Good with { Routes = [Good.Routes[0] with { Epoch = 7 }] }, "stands at epoch 7");

    [Theory]
    [InlineData("promoted")]
    [InlineData("switched")]
    [InlineData("ended")]
    public void DoubleEffects_HistoryHasItTwice_IsFound(string kind) => AssertOnly(
        verdict => verdict.DoubleEffects, Good with { History = [.. Good.History, Good.History.First(row => row.Kind == kind)] }, kind);

    [Fact]
    public void DoubleEffects_DecommissionedTwice_IsFound() => AssertOnly(
        verdict => verdict.DoubleEffects, Good with { History = [.. Good.History, Good.History.Single(row => row.Summary.EndsWith("Decommissioned", StringComparison.Ordinal))] }, "decommissioned 2 times");

    [Fact]
    public void DoubleEffects_TwoFleetsOfOneEnvironment_AreFound() => AssertOnly(
        verdict => verdict.DoubleEffects, Good with { Processes = [.. Good.Processes, new FleetProcess(105, E2, 1)] }, "runs 2 times");

    [Fact]
    public void Violations_TwoEnvironmentsAtOneEpoch_AreFound() => AssertFound(
        verdict => verdict.Violations, Good.WithRequest(Answer(4.5, E1, "v1", "3")), "I1: alpha: epoch 3 was answered by");

    [Fact]
    public void Violations_StaleAnswer_IsFound() => AssertOnly(
        verdict => verdict.Violations, Good.WithRequest(Answer(6.5, E2, "v2", "3")), "stale");

    [Fact]
    public void Violations_AnswerOfAnOlderEpochThatOverlapsTheSwitch_IsNone() =>
        Assert.Empty(Judge.Of(Good.WithRequest(Answer(6, E2, "v2", "3"))).All);

    [Fact]
    public void Violations_RevertedDeploymentAnswers_IsFound() => AssertFound(
        verdict => verdict.Violations, Good.WithRequest(Answer(8.2, E3, "v3", "5")), "I6");

    [Fact]
    public void Violations_SwitchWithoutPassedGates_IsFound() => AssertOnly(
        verdict => verdict.Violations, Good with { Deployments = [.. Good.Deployments.Take(2), Good.Deployments[2] with { Verdicts = [] }] }, "I2");

    [Fact]
    public void Violations_SwitchOnAnInconclusiveGate_IsFound() => AssertOnly(
        verdict => verdict.Violations,
        Good with { Deployments = [.. Good.Deployments.Take(2), Good.Deployments[2] with { Verdicts = [new("health", "Passed"), new("latency-p99", "Inconclusive")] }] },
        "latency-p99 Inconclusive");

    [Fact]
    public void Violations_SwitchBeforeItsVerdictWasRecorded_IsFound() => AssertFound(
        verdict => verdict.Violations,
        Good with { History = [.. Good.History.Select(row => row.Summary == "Validating: Passed" ? row with { Sequence = 20 } : row)] },
        "no passed validation before its switch");

    [Fact]
    public void UnexplainedFailures_LiveModelNeverAnswers_IsFound() => AssertFound(
        verdict => verdict.UnexplainedFailures,
        (Good with { Requests = new Dictionary<string, IReadOnlyList<BlueGreen.Demo.Load.RequestRecord>> { [Endpoint] = [] } }).WithRequest(Failure(15, 15.1)),
        "not one of 1 requests");

    [Fact]
    public void Violations_OrphanedFleet_IsFound() => AssertOnly(
        verdict => verdict.Violations, Good with { Processes = [.. Good.Processes, new FleetProcess(106, Guid.NewGuid(), 0)] }, "of which there is no record");

    [Fact]
    public void Violations_FleetOutlivesItsDecommission_IsFound() => AssertOnly(
        verdict => verdict.Violations, Good with { Processes = [.. Good.Processes, new FleetProcess(107, E1, 0)] }, "which was decommissioned");

    [Fact]
    public void Violations_LiveFleetIsGone_IsFound() => AssertOnly(
        verdict => verdict.Violations, Good with { Processes = [.. Good.Processes.Where(process => process.EnvironmentId != E2)] }, "I3");

    [Fact]
    public void Violations_EnvironmentWithoutRouteOrEnd_IsFound() => AssertOnly(
        verdict => verdict.Violations, Good with { Environments = [.. Good.Environments, new(Guid.NewGuid(), Guid.NewGuid(), Endpoint, "Running", null)] }, "never expires");

    [Fact]
    public void Violations_VetoedEnvironmentIsLive_IsFound() => AssertFound(
        verdict => verdict.Violations, Good with { Routes = [Good.Routes[0] with { Live = E3 }] }, "I6");

    [Fact]
    public void Violations_ServicesDisagreeOnWhatIsLive_IsFound() => AssertOnly(
        verdict => verdict.Violations, Good with { Routes = [Good.Routes[0] with { EnvManagersLive = E1 }] }, "at env-manager");

    [Fact]
    public void Stuck_DeploymentHalfWay_IsFound() => AssertFound(
        verdict => verdict.Stuck, Good with { Deployments = [.. Good.Deployments.Take(2), Good.Deployments[2] with { State = "Warming" }] }, "v3 is Warming");

    [Theory]
    [InlineData("orchestrator-deployment")]
    [InlineData("orchestrator-deployment_error")]
    public void Stuck_MessageLeftInAQueue_IsFound(string queue) => AssertOnly(
        verdict => verdict.Stuck, Good with { Queues = new Dictionary<string, long> { [queue] = 1 } }, queue);

    [Fact]
    public void Stuck_OutboxRowThatIsDue_IsFound() => AssertOnly(
        verdict => verdict.Stuck, Good with { Backlog = new Dictionary<string, long> { ["router.outbox"] = 1 } }, "router.outbox");

    [Fact]
    public void UnexplainedFailures_RequestFailsWhileTheRouterIsUp_IsFound() => AssertOnly(
        verdict => verdict.UnexplainedFailures, Good.WithRequest(Failure(15, 15.1)), "connection refused");

    [Fact]
    public void UnexplainedFailures_RequestFailsAfterTheRouterIsReadyAgain_IsFound() => AssertOnly(
        verdict => verdict.UnexplainedFailures, Good.WithRequest(Failure(25.01, 25.02)), "connection refused");

    [Theory]
    [InlineData(19.9, 20.1)]
    [InlineData(22, 22.1)]
    public void UnexplainedFailures_RequestFailsWhileTheRouterIsDown_IsNone(double from, double to) =>
        Assert.Empty(Judge.Of(Good.WithRequest(Failure(from, to))).All);

    private static Outage Standstill(double from, double to, string router = "router-2") =>
        new() { Router = router, IsDown = false, From = (long)(from * 1e6), To = (long)(to * 1e6) };

    /// <summary>Found, and nothing else is said to be wrong.</summary>
    private static void AssertOnly(Func<SeedVerdict, IReadOnlyList<string>> kind, SeedEvidence evidence, string text)
    {
        AssertFound(kind, evidence, text);
        Assert.Single(Judge.Of(evidence).All);
    }

    private static void AssertFound(Func<SeedVerdict, IReadOnlyList<string>> kind, SeedEvidence evidence, string text) =>
        Assert.Contains(kind(Judge.Of(evidence)), found => found.Contains(text, StringComparison.Ordinal));
}
