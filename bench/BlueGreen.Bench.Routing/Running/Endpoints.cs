using BlueGreen.Contracts;

namespace BlueGreen.Bench.Routing.Running;

/// <summary>Policies as the orchestrator announces them.</summary>
internal static class Endpoints
{
    public static EndpointConfigured Configured(string name, string cutover = "fast", string onControlPlaneLoss = "serve-last", TrafficPolicy? traffic = null) => new()
    {
        Endpoint = name,
        PolicyHash = new string('0', 64),
        Revision = 1,
        Path = "/" + name,
        Cutover = cutover,
        OnControlPlaneLoss = onControlPlaneLoss,
        Traffic = traffic ?? new TrafficPolicy(),
        PromotionStage = "production",
        Alarms = [new AlarmRule { Source = "generic", Labels = new Dictionary<string, string> { ["endpoint"] = name } }],
    };
}
