using BlueGreen.Chaos.Serving;

namespace BlueGreen.Chaos.Scripts;

/// <summary>Makes an endpoint's story such that one of its deployments passes through a given state.</summary>
internal static class StoryWriter
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    /// <summary>States of a deployment that something precedes: blue, or a holder of the slot.</summary>
    private static readonly string[] NeedBefore = ["Queued", "Retaining", "Releasing", "Committing", "RollingBack"];

    /// <param name="endpoint">The endpoint.</param>
    /// <param name="state">Where the fault is to strike.</param>
    /// <param name="fault">The fault, given the version whose deployment it waits for.</param>
    /// <param name="random">Decides the rest.</param>
    public static EndpointStory Write(string endpoint, string state, Func<string, FaultStep> fault, Random random)
    {
        var policy = state switch { "AwaitingApproval" => PolicyKind.Approved, "Held" => PolicyKind.Held, _ => PolicyKind.Plain };
        if (policy == PolicyKind.Plain && random.Next(8) == 0) policy = PolicyKind.Approved;
        var isFirst = !NeedBefore.Contains(state) && random.Next(3) == 0;
        var aimed = Aimed(endpoint, isFirst ? 1 : 2, state, random);
        PromotionStep[] promotions = isFirst
            ? random.Next(2) == 0 ? [aimed] : [aimed, Release(endpoint, 2, Any(random), random)]
            : [Release(endpoint, 1, ReleaseKind.Good, random) with { Decision = OperatorDecision.GoOn }, aimed];
        return new EndpointStory(endpoint, policy, random.Next(3) == 0 ? 2 : 1, promotions, fault(aimed.Version));
    }

    private static PromotionStep Aimed(string endpoint, int number, string state, Random random)
    {
        var step = Release(endpoint, number, Kind(state, random), random);
        return state switch
        {
            "Queued" => step with { Patience = TimeSpan.Zero },
            "Faulted" => step with { IsPoisoned = true },
            "AwaitingApproval" or "Held" => step,
            // Nobody may end it before it comes so far.
            "Retaining" when step.AlarmState is not null => step with { AlarmState = "Retaining", Decision = OperatorDecision.GoOn },
            _ => step with { Decision = OperatorDecision.GoOn },
        };
    }

    private static PromotionStep Release(string endpoint, int number, ReleaseKind kind, Random random)
    {
        var isAlarmed = kind == ReleaseKind.Alarmed;
        // Sometimes it comes while another is under way.
        var isHasty = number > 1 && kind != ReleaseKind.Alarmed && random.Next(6) == 0;
        return new PromotionStep(
            random.Seconds(0, 1.5), isHasty ? TimeSpan.Zero : Patience, endpoint, $"{endpoint}-{number}", kind,
            isAlarmed ? random.Next(2) == 0 ? "Baking" : "Retaining" : null, isAlarmed ? random.Seconds(0, 0.8) : TimeSpan.Zero,
            Decision: random.Next(4) == 0 ? OperatorDecision.GiveUp : OperatorDecision.GoOn, DecisionAfter: random.Seconds(0, 1));
    }

    /// <summary>A release that passes through a state.</summary>
    private static ReleaseKind Kind(string state, Random random) => state switch
    {
        "RollingBack" => random.Next(3) == 0 ? ReleaseKind.FailingLive : ReleaseKind.Alarmed,
        "TearingDown" => random.Next(2) == 0 ? ReleaseKind.Failing : ReleaseKind.Crashing,
        "Provisioning" or "Queued" => Any(random),
        "Warming" => random.Next(2) == 0 ? ReleaseKind.Slow : ReleaseKind.Good,
        "Validating" or "Switching" or "Baking" or "Retaining" => random.Next(2) == 0 ? ReleaseKind.Good : ReleaseKind.Alarmed,
        _ => ReleaseKind.Good,
    };

    private static ReleaseKind Any(Random random) => (ReleaseKind)random.Next(Enum.GetValues<ReleaseKind>().Length);
}
