using BlueGreen.Contracts;
using BlueGreen.Orchestrator.Policies;

namespace BlueGreen.Orchestrator.Tests.Deployments.Fixture;

internal static class Policies
{
    /// <summary>Everything a deployment needs and no waiting that a test would feel.</summary>
    public static EndpointPolicy Quick { get; } = new()
    {
        Name = SagaHost.Endpoint,
        Route = new RoutePolicy("/fraud", "fast", "serve-last"),
        Promotion = new PromotionPolicy("production-candidate", true, "queue", 0, false),
        Deadline = TimeSpan.FromHours(4),
        Environment = new EnvironmentTemplate
        {
            Driver = "process",
            Protocol = "open-inference-v2",
            Replicas = 1,
            Command = ["server"],
        },
        Provision = new ProvisionPolicy(TimeSpan.FromMinutes(10), 2),
        Warmup = new WarmupPolicy { MinRequests = 1, MaxRequests = 2, StableWindow = 1, StableTolerance = 0.05 },
        Gates = new GatePolicy { Health = new HealthGate() },
        Bake = new BakePolicy
        {
            Duration = TimeSpan.FromHours(1),
            MaxDuration = TimeSpan.FromHours(2),
            Interval = TimeSpan.FromSeconds(30),
            Retention = TimeSpan.FromMilliseconds(50),
            OnInconclusive = "hold",
            Metrics = [],
        },
        Alarms = [],
        Rollback = new RollbackPolicy(TimeSpan.FromHours(72)),
        Cleanup = new CleanupPolicy(TimeSpan.FromHours(24)),
    };
}
