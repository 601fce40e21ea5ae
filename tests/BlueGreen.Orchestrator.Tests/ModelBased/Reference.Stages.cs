using BlueGreen.Contracts;

namespace BlueGreen.Orchestrator.Tests.ModelBased;

/// <summary>What workers, the router and the clock lead to.</summary>
internal sealed partial class Reference
{
    private int Required(Expected its)
    {
        var asked = policy.Promotion.AutoSwitch ? policy.Promotion.Approvals : Math.Max(1, policy.Promotion.Approvals);
        return asked > 0 && policy.Promotion.FourEyes && its.Promoter is null ? Math.Max(2, asked) : asked;
    }

    private void Outcome(Expected its, IDeploymentMessage message)
    {
        if (its.State is "Provisioning" or "Warming" or "Validating" or "AwaitingApproval") BeforeTheSwitch(its, message);
        else FromTheSwitchOn(its, message);
    }

    private void BeforeTheSwitch(Expected its, IDeploymentMessage message)
    {
        switch (its.State, message)
        {
            case ("Provisioning", EnvironmentProvisioned):
                Go(its, "Warming", nameof(WarmEnvironment));
                break;
            case ("Provisioning", ProvisioningFailed { Retryable: true }) when its.Attempt < policy.Provision.Attempts:
                Again(its, nameof(ProvisionEnvironment));
                break;
            case ("Provisioning", ProvisioningFailed) or ("Warming", WarmingFailed) or ("Validating", ValidationFailed):
                TearDown(its);
                break;
            case ("Warming", EnvironmentWarmed):
                Go(its, "Validating", nameof(ValidateEnvironment));
                break;
            case ("Validating", EnvironmentValidated verdict):
                if (!World.IsPassed(verdict)) TearDown(its);
                else if (Required(its) > 0) Go(its, "AwaitingApproval");
                else Switch(its);
                break;
            case ("AwaitingApproval", DeploymentApproved approved):
                Approve(its, approved);
                break;
            case ("AwaitingApproval", DeploymentRejected rejected) when World.IsAboutThis(rejected) && rejected.State == its.State:
                TearDown(its, "Rejected");
                break;
            // A command instead of an outcome: nobody could handle it.
            case ("Provisioning", ProvisionEnvironment) when its.Attempt < policy.Provision.Attempts:
                Again(its, nameof(ProvisionEnvironment));
                break;
            case ("Provisioning", ProvisionEnvironment) or ("Warming", WarmEnvironment) or ("Validating", ValidateEnvironment):
                Go(its, "Faulted");
                break;
        }
    }

    private void FromTheSwitchOn(Expected its, IDeploymentMessage message)
    {
        switch (its.State, message)
        {
            case ("Switching", TrafficSwitched switched) when switched.Attempt == its.Attempt:
                Go(its, "Baking", nameof(BeginBaking));
                break;
            case ("Switching", SwitchingFailed):
                TearDown(its);
                break;
            case ("Switching", SwitchTraffic) or ("Baking", BeginBaking):
                Go(its, "RollingBack", nameof(RollbackRequested));
                break;
            case ("Baking", BakingPassed):
                RetainOrRelease(its);
                break;
            case ("Baking", BakingFailed):
                Go(its, "RollingBack");
                break;
            case ("Baking", BakingInconclusive):
                if (policy.Bake.OnInconclusive == "hold") Go(its, "Held");
                else Go(its, "RollingBack", nameof(RollbackRequested));
                break;
            case ("Held", DeploymentApproved approved):
                Approve(its, approved);
                break;
            default:
                GoingOut(its, message);
                break;
        }
    }

    private void GoingOut(Expected its, IDeploymentMessage message)
    {
        switch (its.State, message)
        {
            case ("Releasing", StandbyReleased):
                if (its.HasBlue) Go(its, "Committing", nameof(DecommissionEnvironment));
                else End(its, "Committed");
                break;
            case ("Committing", EnvironmentDecommissioned):
                End(its, "Committed");
                break;
            case ("TearingDown", EnvironmentDecommissioned):
                End(its, its.EndsAs);
                break;
            case ("RollingBack", EnvironmentQuarantined):
                End(its, "RolledBack");
                break;
            case ("RollingBack", RevertRefused) when !its.Reverted:
                // Once a switch was ordered, what is refused may well be live: it is left alone.
                if (its.Ordered) End(its, "Failed");
                else TearDown(its);
                break;
        }
    }

    private void Approve(Expected its, DeploymentApproved approved)
    {
        var who = approved.ApprovedBy;
        if (!World.IsAboutThis(approved) || approved.State != its.State) return;
        if (policy.Promotion.FourEyes && string.Equals(who, its.Promoter, StringComparison.OrdinalIgnoreCase)) return;
        if (its.State == "Held") RetainOrRelease(its);
        else if (its.Approvers.Add(who) && its.Approvers.Count >= Required(its)) Switch(its);
    }

    private void Switch(Expected its)
    {
        its.Ordered = true;
        Go(its, "Switching", nameof(SwitchTraffic));
    }

    private void RetainOrRelease(Expected its)
    {
        if (!its.HasBlue || (its.Hurried && Waiting is not null)) Go(its, "Releasing", nameof(ReleaseStandby));
        else Go(its, "Retaining");
    }

    private void Expire(Expected its, bool whole)
    {
        if (!whole && TryAgain(its)) return;
        switch (its.State)
        {
            case "Queued":
                End(its, "Failed");
                break;
            case "Provisioning" or "Warming" or "Validating" or "AwaitingApproval":
            case "Faulted" when !its.Ordered:
                TearDown(its);
                break;
            case "Switching" or "Baking" or "Held":
                Go(its, "RollingBack", nameof(RollbackRequested));
                break;
            case "Retaining":
                Go(its, "Releasing", nameof(ReleaseStandby));
                break;
            case "Committing":
                End(its, "Committed");
                break;
            case "TearingDown":
                End(its, its.EndsAs);
                break;
            case "Releasing" or "RollingBack":
                Go(its, "Faulted");
                break;
            case "Faulted":
                End(its, "Failed");
                break;
        }
    }

    private bool TryAgain(Expected its)
    {
        var command = its.State switch
        {
            "Provisioning" => nameof(ProvisionEnvironment),
            "Switching" => nameof(SwitchTraffic),
            "Releasing" => nameof(ReleaseStandby),
            "Committing" or "TearingDown" => nameof(DecommissionEnvironment),
            "RollingBack" => its.Reverted ? nameof(QuarantineEnvironment) : nameof(RollbackRequested),
            _ => null,
        };
        if (command is null || its.Attempt >= (its.State == "Provisioning" ? policy.Provision.Attempts : CleanUpAttempts)) return false;
        Again(its, command);
        return true;
    }
}
