namespace BlueGreen.Orchestrator.Tests.ModelBased;

/// <summary>
/// Every message at every state: it is handled, or it is ignored for a reason that is written down here. A state or message that is added
/// to the state machine and not to this table fails.
/// </summary>
public sealed class EveryMessageInEveryStateTests
{
    private static readonly string[] Before = ["Provisioning", "Warming", "Validating", "AwaitingApproval"];
    private static readonly string[] Ends = ["Committed", "RolledBack", "Failed", "Rejected", "Cancelled", "Superseded"];
    private static readonly string[] Waiting = [.. SagaDriver.States.Except(Ends)];

    /// <summary>Message → the states that handle it, and why the others do not.</summary>
    private static readonly Dictionary<string, (string[] Handled, string Reason)> Table = new()
    {
        ["ModelPromoted"] = ([], "a promotion that is told again is the deployment that exists already"),
        ["SlotGranted"] = (["Queued"], "whoever does not wait has the slot, or has ended and passed it on"),
        ["SupersedeDeployment"] = (
            ["Queued", .. Before, "Switching", "Baking", "Held", "Retaining", "Faulted"], "it is on its way out or through: the newer one waits for that"),
        ["CancelDeployment"] = (
            ["Queued", .. Before, "Switching", "Baking", "Held", "Retaining", "Faulted"], "it is on its way out, or the way back is given up"),
        ["RollbackRequested"] = (
            [.. Before, "Switching", "Baking", "Held", "Retaining"],
            "rollback acts on it without the saga; what comes of it is told as TrafficReverted, which every state follows"),
        ["TrafficReverted"] = ([.. SagaDriver.States], ""),
        ["RevertRefused"] = (["RollingBack"], "nobody waits for a revert"),
        ["TrafficSwitched"] = (
            ["Switching", "RollingBack", "TearingDown", "Faulted", "Committed", "RolledBack", "Failed"],
            "the receipt was heard before, or no switch was ever ordered"),
        ["SwitchingFailed"] = (["Switching"], "late, or overtaken by a veto"),
        ["EnvironmentProvisioned"] = (["Provisioning"], Late),
        ["ProvisioningFailed"] = (["Provisioning"], Late),
        ["EnvironmentWarmed"] = (["Warming"], Late),
        ["WarmingFailed"] = (["Warming"], Late),
        ["EnvironmentValidated"] = (["Validating"], Late),
        ["ValidationFailed"] = (["Validating"], Late),
        ["DeploymentApproved"] = (["AwaitingApproval", "Held"], "nothing waits for an approval"),
        ["DeploymentRejected"] = (["AwaitingApproval"], "nothing waits for an approval; what is live is rolled back, not rejected"),
        ["BakingPassed"] = (["Baking"], "a verdict on a bake that is over is void, above all after BakingFailed"),
        ["BakingFailed"] = (["Baking"], Late),
        ["BakingInconclusive"] = (["Baking"], Late),
        ["StandbyReleased"] = (["Releasing"], Late),
        ["StandbyReleaseFailed"] = (["Releasing"], Late),
        ["EnvironmentDecommissioned"] = (["Committing", "TearingDown"], Late),
        ["DecommissioningFailed"] = (["Committing", "TearingDown"], Late),
        ["EnvironmentQuarantined"] = (["RollingBack"], Late),
        ["DeadlineExpired"] = (Waiting, "an ended deployment has no deadline; one that was cancelled may still be on its way"),
        ["StageFaulted"] = (["Provisioning", "Warming", "Validating", "Switching", "Baking", "Releasing", "RollingBack"], Late),
        ["StageReplayRequested"] = (["Faulted"], "only what faulted is tried again"),
    };

    private const string Late = "an outcome of a stage that is over changes nothing any more";

    public static TheoryData<string> Messages => [.. SagaDriver.Messages.Select(Name)];

    [Fact]
    public void Table_HasEveryMessageAndAReasonWhereItIsIgnored()
    {
        Assert.Equal(SagaDriver.Messages.Select(Name).Order(StringComparer.Ordinal), Table.Keys.Order(StringComparer.Ordinal));
        Assert.All(Table.Values, row => Assert.True(row.Reason.Length > 0 || row.Handled.Length == SagaDriver.States.Count));
        Assert.All(Table.Values, row => Assert.Empty(row.Handled.Except(SagaDriver.States)));
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void Message_InEveryState_IsHandledOrIgnoredAsTheTableSays(string message)
    {
        var handled = SagaDriver.States.Where(state => Changes(message, state));

        Assert.Equal(Table[message].Handled.Order(StringComparer.Ordinal), handled.Order(StringComparer.Ordinal));
    }

    /// <summary>Whether the message, made to fit the deployment as well as it can, makes any difference.</summary>
    private static bool Changes(string message, string state)
    {
        using var driver = new SagaDriver(Deployments.Fixture.Policies.Quick, World.Blue);
        var saga = ADeployment.In(state, driver);
        var before = ADeployment.Fingerprint(saga, driver);
        driver.Deliver(ADeployment.Message(message, saga), saga.CorrelationId, message == "DeadlineExpired" ? saga.DeadlineToken : null);
        return ADeployment.Fingerprint(saga, driver) != before;
    }

    private static string Name(Type type) =>
        type.IsGenericType ? $"Fault<{type.GetGenericArguments()[0].Name}>" : type.Name;
}
