using BlueGreen.Contracts;

namespace BlueGreen.Router.Tests.Support;

internal static class Commands
{
    public const string Endpoint = "fraud";

    public static SwitchTraffic Switch(Guid deployment, long expectedEpoch, params ModelServer[] replicas) =>
        Switch(deployment, expectedEpoch, replicas[0].Version, "open-inference-v2", [.. replicas.Select(server => server.Address)]);

    public static SwitchTraffic Switch(Guid deployment, long expectedEpoch, string version, string protocol, params Uri[] replicas) => new()
    {
        DeploymentId = deployment,
        Attempt = 1,
        Endpoint = Endpoint,
        ExpectedEpoch = expectedEpoch,
        Fleet = new Fleet
        {
            EnvironmentId = Guid.NewGuid(),
            Model = Endpoint,
            Version = version,
            Protocol = protocol,
            Replicas = replicas.Select((address, index) => new Replica { Index = index, Address = address }).ToArray(),
        },
    };

    public static ValidateEnvironment Validate(Guid deployment, Fleet green) => new()
    {
        DeploymentId = deployment,
        Attempt = 1,
        Endpoint = Endpoint,
        Green = green,
        Fingerprint = "f",
        Gates = new GatePolicy(),
    };

    public static ReleaseStandby Release(Guid deployment, long expectedEpoch) => new()
    {
        DeploymentId = deployment,
        Attempt = 1,
        Endpoint = Endpoint,
        ExpectedEpoch = expectedEpoch,
    };

    public static EndpointConfigured Configure(
        string path, long revision, TrafficPolicy? traffic = null, string cutover = "fast", string onControlPlaneLoss = "serve-last") => new()
        {
            Endpoint = Endpoint,
            PolicyHash = new string('0', 64),
            Revision = revision,
            Path = path,
            Cutover = cutover,
            OnControlPlaneLoss = onControlPlaneLoss,
            Traffic = traffic ?? new TrafficPolicy(),
            PromotionStage = "production",
            Alarms = [],
        };
}
