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
        switch (its.State, message)
        {
            case ("Provisioning", EnvironmentProvisioned):
                Go(its, "Warming", nameof(WarmEnvironment));
                break;
            case ("Provisioning", ProvisioningFailed { Retryable: true }) when its.Attempt < policy.Provision.Attempts:
                Again(its, nameof(ProvisionEnvironment));
                break;
            case ("Provisioning", ProvisioningFailed) or ("Warming", WarmingFailed) or ("Validating", ValidationFailed) or ("Switching", SwitchingFailed):
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
            case ("AwaitingApproval" or "Held", DeploymentApproved approved) when World.IsAboutThis(approved) && approved.State == its.State:
                Approve(its, approved.ApprovedBy);
                break;
            case ("AwaitingApproval", DeploymentRejected rejected) when World.IsAboutThis(rejected) && rejected.State == its.State:
                TearDown(its, "Rejected");
                break;
            case ("Switching", TrafficSwitched switched) when switched.Attempt == its.Attempt:
                Go(its, "Baking", nameof(BeginBaking));
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
            // A command instead of an outcome: nobody could handle it.
            case ("Provisioning", ProvisionEnvironment) or ("Warming", WarmEnvironment) or ("Validating", ValidateEnvironment):
                Go(its, "Faulted");
                break;
            case ("Switching", SwitchTraffic) or ("Baking", BeginBaking):
                Go(its, "RollingBack", nameof(RollbackRequested));
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

    private void Approve(Expected its, string who)
    {
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
        var isLast = its.Attempt >= CleanUpAttempts;
        switch (its.State)
        {
            case "Queued":
                End(its, "Failed");
                break;
            case "Provisioning" when !whole && its.Attempt < policy.Provision.Attempts:
                Again(its, nameof(ProvisionEnvironment));
                break;
            case "Provisioning" or "Warming" or "Validating" or "AwaitingApproval":
            case "Faulted" when !its.Ordered:
                TearDown(its);
                break;
            case "Switching" when !whole && !isLast:
                Again(its, nameof(SwitchTraffic));
                break;
            case "Switching" or "Baking" or "Held":
                Go(its, "RollingBack", nameof(RollbackRequested));
                break;
            case "Retaining":
                Go(its, "Releasing", nameof(ReleaseStandby));
                break;
            case "Releasing" when !isLast:
                Again(its, nameof(ReleaseStandby));
                break;
            case "Committing" or "TearingDown" when !isLast:
                Again(its, nameof(DecommissionEnvironment));
                break;
            case "RollingBack" when !isLast:
                Again(its, its.Reverted ? nameof(QuarantineEnvironment) : nameof(RollbackRequested));
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
}
