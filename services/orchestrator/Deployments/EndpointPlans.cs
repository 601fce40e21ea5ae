using System.Text.Json;
using BlueGreen.Contracts;
using BlueGreen.Orchestrator.Endpoints;
using BlueGreen.Orchestrator.Persistence;
using BlueGreen.Orchestrator.Policies;

namespace BlueGreen.Orchestrator.Deployments;

/// <summary>What a deployment takes from its endpoint's row, and puts back.</summary>
internal static class EndpointPlans
{
    public static DeploymentPlan Plan(this EndpointRow endpoint)
    {
        var policy = PolicyJson.Read(endpoint.PolicyJson);
        return new DeploymentPlan
        {
            Template = policy.Environment,
            ProvisionDeadline = policy.Provision.Deadline,
            ProvisionAttempts = policy.Provision.Attempts,
            Warmup = policy.Warmup,
            Gates = policy.Gates,
            Bake = policy.Bake,
            QuarantineTtl = policy.Rollback.Quarantine,
            UnservedTtl = policy.Cleanup.UnservedTtl,
            Approvals = policy.Promotion.RequiredApprovals,
            FourEyes = policy.Promotion.FourEyes,
            Deadline = policy.Deadline,
            Hooks = policy.Hooks,
        };
    }

    /// <summary>What a promotion does now while another deployment holds the slot.</summary>
    public static string WhenBusy(this EndpointRow endpoint) => PolicyJson.Read(endpoint.PolicyJson).Promotion.WhenBusy;

    /// <summary>The fleet that serves the endpoint, as it was when it went live; null before the first deployment.</summary>
    public static Fleet? Live(this EndpointRow endpoint) =>
        endpoint.LiveFleet is { } fleet ? JsonSerializer.Deserialize<Fleet>(fleet, JsonColumns.Options) : null;

    public static void SetLive(this EndpointRow endpoint, Fleet fleet, Guid? deployment)
    {
        endpoint.LiveEnvironmentId = fleet.EnvironmentId;
        endpoint.LiveDeploymentId = deployment;
        endpoint.LiveFleet = JsonSerializer.Serialize(fleet, JsonColumns.Options);
    }
}
