using BlueGreen.Contracts;
using BlueGreen.Orchestrator.Policies;

namespace BlueGreen.Orchestrator.Tests.ModelBased;

/// <summary>One deployment as the design describes it: where it is, and the little that its next step depends on.</summary>
internal sealed class Expected
{
    public required Guid Id { get; init; }
    public required DateTimeOffset PromotedAt { get; init; }
    public string? Promoter { get; init; }
    public string State { get; set; } = "";
    public int Attempt { get; set; }
    public bool Ordered { get; set; }
    public bool Reverted { get; set; }
    public bool Hurried { get; set; }
    public bool HasBlue { get; set; }
    public string EndsAs { get; set; } = "Failed";
    public HashSet<string> Approvers { get; } = new(StringComparer.OrdinalIgnoreCase);
}

/// <summary>
/// The flow once more, written from the design's words and not from the state machine: which state and attempt a message leads to, and
/// what is said. Whoever changes the flow changes it twice, and finds out where the two disagree.
/// </summary>
internal sealed partial class Reference(EndpointPolicy policy)
{
    private const int CleanUpAttempts = 5;
    private List<string> _said = [];

    public Dictionary<Guid, Expected> Deployments { get; } = [];
    public Guid? Holder { get; private set; }
    public Guid? Waiting { get; private set; }

    /// <param name="message">What is delivered.</param>
    /// <param name="isCurrent">Of a deadline: it is the one that is set, neither cancelled nor fired before.</param>
    /// <param name="hasBlue">Whether the endpoint has a live environment at this moment, as far as the orchestrator knows.</param>
    /// <returns>The types of the messages said, in order of their names.</returns>
    public IReadOnlyList<string> Step(IDeploymentMessage message, bool isCurrent, bool hasBlue)
    {
        _said = [];
        if (message is ModelPromoted promoted)
        {
            if (!Deployments.ContainsKey(promoted.DeploymentId)) Promote(promoted, hasBlue);
        }
        else if (Deployments.TryGetValue(message.DeploymentId, out var its))
        {
            if (message is not IStageMessage stage || stage.Attempt == its.Attempt || message is TrafficSwitched) Follow(its, message, isCurrent, hasBlue);
        }

        _said.Sort(StringComparer.Ordinal);
        return _said;
    }

    private void Promote(ModelPromoted promoted, bool hasBlue)
    {
        var its = new Expected { Id = promoted.DeploymentId, PromotedAt = promoted.PromotedAt, Promoter = promoted.PromotedBy };
        var whenBusy = policy.Promotion.WhenBusy;
        Deployments.Add(its.Id, its);
        if (Holder is not { } holder) Grant(its, hasBlue);
        else if (whenBusy == "refuse") End(its, "Rejected");
        else if (whenBusy == "supersede" && Deployments[holder].PromotedAt > its.PromotedAt) End(its, "Superseded");
        else if (Waiting is { } waiting && Deployments[waiting].PromotedAt > its.PromotedAt) End(its, "Superseded");
        else
        {
            if (Waiting is not null) _said.Add(nameof(SupersedeDeployment));
            if (whenBusy == "supersede") _said.Add(nameof(SupersedeDeployment));
            Waiting = its.Id;
            Go(its, "Queued");
        }
    }

    private void Grant(Expected its, bool hasBlue)
    {
        Holder = its.Id;
        its.HasBlue = hasBlue;
        Go(its, "Provisioning", nameof(ProvisionEnvironment));
    }

    private void Follow(Expected its, IDeploymentMessage message, bool isCurrent, bool hasBlue)
    {
        switch (message)
        {
            case TrafficReverted when !IsEnd(its.State):
                its.Reverted = true;
                Go(its, "RollingBack", nameof(QuarantineEnvironment));
                break;
            case SlotGranted when its.State == "Queued":
                Grant(its, hasBlue);
                break;
            case SupersedeDeployment:
                Overtake(its);
                break;
            case CancelDeployment:
                Cancel(its);
                break;
            case RollbackRequested when its.State is "Provisioning" or "Warming" or "Validating" or "AwaitingApproval" or "Switching" or "Baking" or "Held" or "Retaining":
                Go(its, "RollingBack");
                break;
            case DeadlineExpired expired when isCurrent && expired.State == its.State:
                Expire(its, expired.WholeDeployment);
                break;
            default:
                Outcome(its, message);
                break;
        }
    }

    private void Overtake(Expected its)
    {
        switch (its.State)
        {
            case "Queued":
                End(its, "Superseded");
                break;
            case "Provisioning" or "Warming" or "Validating" or "AwaitingApproval":
            case "Faulted" when !its.Ordered:
                TearDown(its, "Superseded");
                break;
            case "Switching" or "Baking" or "Held" or "Faulted":
                its.Hurried = true;
                break;
            case "Retaining":
                Go(its, "Releasing", nameof(ReleaseStandby));
                break;
        }
    }

    private void Cancel(Expected its)
    {
        switch (its.State)
        {
            case "Queued":
                End(its, "Cancelled");
                break;
            case "Provisioning" or "Warming" or "Validating" or "AwaitingApproval":
            case "Faulted" when !its.Ordered:
                TearDown(its, "Cancelled");
                break;
            case "Switching" or "Baking" or "Held" or "Retaining" or "Faulted":
                Go(its, "RollingBack", nameof(RollbackRequested));
                break;
        }
    }

    private void TearDown(Expected its, string endsAs = "Failed")
    {
        its.EndsAs = endsAs;
        Go(its, "TearingDown", nameof(DecommissionEnvironment));
    }

    private void End(Expected its, string state)
    {
        its.State = state;
        _said.Add(state switch { "Rejected" => nameof(DeploymentRefused), _ => $"Deployment{state}" });
        var isHolder = Holder == its.Id;
        if (!isHolder && Waiting != its.Id) return;
        var next = Waiting == its.Id ? null : Waiting;
        Waiting = null;
        if (!isHolder) return;
        Holder = next;
        if (next is not null) _said.Add(nameof(SlotGranted));
    }

    private void Go(Expected its, string state, string? command = null)
    {
        (its.State, its.Attempt) = (state, 1);
        if (command is not null) _said.Add(command);
    }

    private void Again(Expected its, string command)
    {
        its.Attempt++;
        _said.Add(command);
    }

    private static bool IsEnd(string state) => state is "Committed" or "RolledBack" or "Failed" or "Rejected" or "Cancelled" or "Superseded";
}
