using BlueGreen.Contracts;
using BlueGreen.Platform.Messaging;
using MassTransit;

namespace BlueGreen.Orchestrator.Deployments;

/// <summary>The commands that a deployment gives, made from its row alone.</summary>
internal static class Commands
{
    public static ProvisionEnvironment Provision(SagaConsumeContext<Deployment> context) => new()
    {
        DeploymentId = context.Saga.CorrelationId,
        Attempt = context.Saga.Attempt,
        Endpoint = context.Saga.Endpoint,
        EnvironmentId = context.Saga.EnvironmentId,
        Model = context.Saga.Model,
        Version = context.Saga.Version,
        Artifact = context.Saga.Artifact,
        Template = context.Saga.Plan!.Template,
        UnservedTtl = context.Saga.Plan.UnservedTtl,
    };

    public static WarmEnvironment Warm(SagaConsumeContext<Deployment> context) => new()
    {
        DeploymentId = context.Saga.CorrelationId,
        Attempt = context.Saga.Attempt,
        Endpoint = context.Saga.Endpoint,
        Fleet = context.Saga.Green!,
        Warmup = context.Saga.Plan!.Warmup,
    };

    public static ValidateEnvironment Validate(SagaConsumeContext<Deployment> context) => new()
    {
        DeploymentId = context.Saga.CorrelationId,
        Attempt = context.Saga.Attempt,
        Endpoint = context.Saga.Endpoint,
        Green = context.Saga.Green!,
        Blue = context.Saga.Blue,
        Fingerprint = context.Saga.Fingerprint!,
        Gates = context.Saga.Plan!.Gates,
    };

    public static SwitchTraffic Switch(SagaConsumeContext<Deployment> context) => new()
    {
        DeploymentId = context.Saga.CorrelationId,
        Attempt = context.Saga.Attempt,
        Endpoint = context.Saga.Endpoint,
        Fleet = context.Saga.Green!,
        ExpectedEpoch = context.Saga.ExpectedEpoch,
    };

    public static BeginBaking Bake(SagaConsumeContext<Deployment> context) => new()
    {
        DeploymentId = context.Saga.CorrelationId,
        Attempt = context.Saga.Attempt,
        Endpoint = context.Saga.Endpoint,
        Green = context.Saga.Green!,
        Blue = context.Saga.Blue,
        Bake = context.Saga.Plan!.Bake,
        SwitchedAt = context.Saga.SwitchedAt!.Value,
    };

    public static ReleaseStandby Release(SagaConsumeContext<Deployment> context) => new()
    {
        DeploymentId = context.Saga.CorrelationId,
        Attempt = context.Saga.Attempt,
        Endpoint = context.Saga.Endpoint,
        ExpectedEpoch = context.Saga.SwitchEpoch!.Value,
    };

    public static DecommissionEnvironment DecommissionBlue(SagaConsumeContext<Deployment> context) =>
        Decommission(context, context.Saga.Blue!.EnvironmentId, $"replaced by {context.Saga.Model} {context.Saga.Version}");

    public static DecommissionEnvironment DecommissionGreen(SagaConsumeContext<Deployment> context) =>
        Decommission(context, context.Saga.EnvironmentId, context.Saga.Reason ?? "the deployment failed");

    public static QuarantineEnvironment Quarantine(SagaConsumeContext<Deployment> context) => new()
    {
        DeploymentId = context.Saga.CorrelationId,
        Attempt = context.Saga.Attempt,
        EnvironmentId = context.Saga.EnvironmentId,
        Reason = context.Saga.Reason ?? "rolled back",
        Ttl = context.Saga.Plan?.QuarantineTtl ?? TimeSpan.FromHours(72),
    };

    public static RollbackRequested Rollback(SagaConsumeContext<Deployment> context) => new()
    {
        DeploymentId = context.Saga.CorrelationId,
        Endpoint = context.Saga.Endpoint,
        Reason = context.Saga.Reason ?? "asked by the deployment",
        RequestedBy = "orchestrator",
    };

    /// <param name="context">The step that asks.</param>
    /// <param name="state">The state that the deployment is in, or about to be.</param>
    /// <param name="hooks">Whom, in this order.</param>
    public static CallHooks Hooks<T>(BehaviorContext<Deployment, T> context, string state, IReadOnlyList<Hook> hooks) where T : class => new()
    {
        DeploymentId = context.Saga.CorrelationId,
        Attempt = context.Saga.Attempt,
        State = state,
        Endpoint = context.Saga.Endpoint,
        Model = context.Saga.Model,
        Version = context.Saga.Version,
        EnvironmentId = context.Saga.EnvironmentId,
        Fingerprint = context.Saga.Fingerprint,
        Reason = context.Saga.Reason,
        Hooks = hooks,
        AskedAt = context.Now(),
    };

    private static DecommissionEnvironment Decommission(SagaConsumeContext<Deployment> context, Guid environmentId, string reason) => new()
    {
        DeploymentId = context.Saga.CorrelationId,
        Attempt = context.Saga.Attempt,
        EnvironmentId = environmentId,
        Reason = reason,
    };
}
