using BlueGreen.Contracts;

namespace BlueGreen.Router.Routing;

/// <summary>What the endpoint's policy asks of its routers. The defaults hold until the policy is known.</summary>
internal sealed record RouteSettings
{
    public static RouteSettings Default { get; } = new();

    /// <summary>A switch holds new requests at every replica and releases them together.</summary>
    public bool IsStrict { get; init; }

    /// <summary>A replica whose lease has run out answers nothing but 503.</summary>
    public bool IsFenced { get; init; }
    public TrafficPolicy Traffic { get; init; } = new();

    public static RouteSettings Of(EndpointConfigured policy) => new()
    {
        IsStrict = policy.Cutover == "strict",
        IsFenced = policy.Cutover == "strict" || policy.OnControlPlaneLoss == "fence",
        Traffic = policy.Traffic,
    };
}
