using BlueGreen.Router.Direct;

namespace BlueGreen.Router.Proxy;

/// <summary>
/// A request on its way, in a place that its connection (or HTTP/2 stream) uses again and again. Which environment it was admitted to is
/// noted here, so that what outlasts a drain can be found and cut off without a list that every request has to enter and leave.
/// </summary>
internal sealed class InferenceExchange
{
    private ServingEnvironment? _admitted;

    public DefaultHttpContext Http { get; set; } = null!;

    /// <summary>For requests that go the direct way; made with the first of them.</summary>
    public PlainRequest? Plain { get; set; }

    public void Admit(ServingEnvironment environment) => Volatile.Write(ref _admitted, environment);

    /// <summary>Ends the request's time at its environment. While it is being cut off this waits, so that the next request is not.</summary>
    public void Leave(ServingEnvironment environment)
    {
        if (Interlocked.CompareExchange(ref _admitted, null, environment) == environment) return;
        var spin = new SpinWait();
        while (Volatile.Read(ref _admitted) == Cutting) spin.SpinOnce();
    }

    /// <returns>True when there was something to cut off.</returns>
    public bool CutOff(ServingEnvironment environment)
    {
        if (Interlocked.CompareExchange(ref _admitted, Cutting, environment) != environment) return false;
        Http.Abort();
        Volatile.Write(ref _admitted, null);
        return true;
    }

    /// <summary>Stands for "is being cut off".</summary>
    private static readonly ServingEnvironment Cutting = new(
        new Routing.RouteTarget
        {
            EnvironmentId = Guid.Empty,
            DeploymentId = Guid.Empty,
            Model = "",
            Version = "",
            Protocol = "",
            Replicas = [],
        }, TimeProvider.System, OutlierRule.Default);
}
