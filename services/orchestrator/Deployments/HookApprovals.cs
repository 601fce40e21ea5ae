using BlueGreen.Contracts;

namespace BlueGreen.Orchestrator.Deployments;

/// <summary>A hook that confirms is an approver that is no person: its word is recorded like anybody's and counts for itself alone.</summary>
internal static class HookApprovals
{
    /// <summary>How hooks are named among approvers.</summary>
    public const string Prefix = "hook:";

    /// <summary>Asked before anything is built.</summary>
    private static readonly string[] BeforeProvisioning = ["confirm-rollout"];

    /// <summary>Asked of what was judged, the work first and the permission last.</summary>
    private static readonly string[] BeforeSwitching = ["pre-rollout", "confirm-switch"];

    public static string NameOf(Hook hook) => Prefix + hook.Name;

    /// <summary>The plan's hooks of these moments, moment by moment in the policy's order.</summary>
    public static IReadOnlyList<Hook> HooksOf(this Deployment saga, params ReadOnlySpan<string> moments)
    {
        var hooks = new List<Hook>();
        foreach (var moment in moments) hooks.AddRange(saga.Plan?.Hooks.Where(hook => hook.When == moment) ?? []);
        return hooks;
    }

    /// <summary>The hooks whose word the deployment needs where it stands: nothing is built yet, or everything is judged.</summary>
    public static IReadOnlyList<Hook> Approving(this Deployment saga) => saga.HooksOf(saga.Green is null ? BeforeProvisioning : BeforeSwitching);

    public static bool NeedsApproval(this Deployment saga) => saga.RequiredApprovals() > 0 || saga.Approving().Count > 0;

    /// <summary>Every hook said yes and, of what was judged, as many people as the policy asks for.</summary>
    public static bool IsApproved(this Deployment saga)
    {
        var people = saga.Approvals.Count(approval => !approval.By.StartsWith(Prefix, StringComparison.Ordinal));
        return (saga.Green is null || people >= saga.RequiredApprovals())
            && saga.Approving().All(hook => saga.Approvals.Any(approval => approval.By == NameOf(hook)));
    }
}
