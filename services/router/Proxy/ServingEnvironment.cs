using BlueGreen.Platform.Inference;
using BlueGreen.Router.Capture;
using BlueGreen.Router.Routing;
using BlueGreen.Router.Windows;

namespace BlueGreen.Router.Proxy;

/// <summary>An environment as the data plane knows it: its replicas, what is in flight, what was answered. Outlives route changes.</summary>
internal sealed class ServingEnvironment
{
    private readonly UpstreamReplica[] _replicas;
    private readonly long[] _answered = new long[6];
    private EndpointSampler? _sampler;
    private long _inFlight;

    public ServingEnvironment(RouteTarget target, TimeProvider clock)
    {
        Window = new TrafficWindow(clock);
        Target = target;
        EnvironmentText = target.EnvironmentId.ToString();
        Inspector = PredictionInspector.For(target.Protocol, target.Inference);
        _replicas = target.Replicas.Select((replica, position) => new UpstreamReplica(position, replica.Address)).ToArray();
    }

    public RouteTarget Target { get; }

    /// <summary>The environment's id as the response header carries it.</summary>
    public string EnvironmentText { get; }

    /// <summary>Looks for null predictions in the answers; null when the protocol's cannot be read in passing.</summary>
    public PredictionInspector? Inspector { get; }

    /// <summary>Captures some of the requests; null: none of them.</summary>
    public EndpointSampler? Sampler { get => Volatile.Read(ref _sampler); set => Volatile.Write(ref _sampler, value); }

    public TrafficWindow Window { get; }
    public long InFlight => Interlocked.Read(ref _inFlight);
    public IReadOnlyList<UpstreamReplica> Replicas => _replicas;

    public void Enter() => Interlocked.Increment(ref _inFlight);

    public void Exit() => Interlocked.Decrement(ref _inFlight);

    public void CountAnswer(int status) => Interlocked.Increment(ref _answered[Math.Clamp(status / 100, 0, 5)]);

    /// <summary>Requests answered since the start with a status of this class, 1 to 5.</summary>
    public long Answered(int statusClass) => Interlocked.Read(ref _answered[statusClass]);

    /// <summary>
    /// The less busy of two replicas picked at random (M. Mitzenmacher, "The Power of Two Choices in Randomized Load Balancing", 2001);
    /// one that just refused a connection only when all did.
    /// </summary>
    /// <param name="now">Timestamp of the request.</param>
    /// <param name="other">The replica that failed already, for a second try; null when there is no other left.</param>
    public UpstreamReplica? Pick(long now, UpstreamReplica? other = null)
    {
        UpstreamReplica? best = null;
        var start = _replicas.Length > 1 ? Random.Shared.Next(_replicas.Length) : 0;
        var seen = 0;
        for (var i = 0; i < _replicas.Length && seen < 2; i++)
        {
            var candidate = _replicas[(start + i) % _replicas.Length];
            if (candidate == other || candidate.IsSkipped(now)) continue;
            seen++;
            if (best is null || candidate.InFlight < best.InFlight) best = candidate;
        }

        return best ?? Array.Find(_replicas, replica => replica != other);
    }
}
