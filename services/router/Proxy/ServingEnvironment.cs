using BlueGreen.Platform.Inference;
using BlueGreen.Router.Capture;
using BlueGreen.Router.Mirroring;
using BlueGreen.Router.Routing;
using BlueGreen.Router.Windows;

namespace BlueGreen.Router.Proxy;

/// <summary>An environment as the data plane knows it: its replicas, what is in flight, what was answered. Outlives route changes.</summary>
internal sealed class ServingEnvironment
{
    /// <summary>Larger fleets are not looked through whole for every request.</summary>
    private const int MostLookedThrough = 8;

    private readonly UpstreamReplica[] _replicas;
    private readonly OutlierRule _outliers;
    private readonly long[] _answered = new long[6];
    private readonly long[] _outcomes = new long[AnswerClassification.Count];
    private readonly long[] _copies = new long[(int)CopyOutcome.Dropped + 1];
    private EndpointSampler? _sampler;
    private long _inFlight;
    private long _drainUntil = long.MaxValue;
    private long _leftAt = long.MinValue;

    public ServingEnvironment(RouteTarget target, TimeProvider clock, OutlierRule outliers)
    {
        Window = new TrafficWindow(clock);
        MirrorWindow = new TrafficWindow(clock);
        Target = target;
        _outliers = outliers;
        IsPlainHttp = target.Replicas.All(replica => replica.Address.Scheme == Uri.UriSchemeHttp);
        EnvironmentText = target.EnvironmentId.ToString();
        Tags = [new("environment", EnvironmentText), new("model", target.Model), new("version", target.Version)];
        Inspector = PredictionInspector.For(target.Protocol, target.Inference);
        _replicas = target.Replicas.Select((replica, position) => new UpstreamReplica(position, replica.Address)).ToArray();
    }

    public RouteTarget Target { get; }

    /// <summary>The environment's id as the response header carries it.</summary>
    public string EnvironmentText { get; }

    /// <summary>What its metrics are told apart by.</summary>
    public KeyValuePair<string, object?>[] Tags { get; }

    /// <summary>Every replica is spoken to without TLS.</summary>
    public bool IsPlainHttp { get; }

    /// <summary>Looks for null predictions in the answers; null when the protocol's cannot be read in passing.</summary>
    public PredictionInspector? Inspector { get; }

    /// <summary>Captures some of the requests; null: none of them.</summary>
    public EndpointSampler? Sampler { get => Volatile.Read(ref _sampler); set => Volatile.Write(ref _sampler, value); }

    public TrafficWindow Window { get; }

    /// <summary>Copies that nobody waited for.</summary>
    public TrafficWindow MirrorWindow { get; }
    public long InFlight => Interlocked.Read(ref _inFlight);
    public IReadOnlyList<UpstreamReplica> Replicas => _replicas;

    public void Enter() => Interlocked.Increment(ref _inFlight);

    public void Exit() => Interlocked.Decrement(ref _inFlight);

    public void CountAnswer(int status, TimeSpan latency, AnswerClass outcome)
    {
        Interlocked.Increment(ref _answered[Math.Clamp(status / 100, 0, 5)]);
        Interlocked.Increment(ref _outcomes[(int)outcome]);
        RequestDurations.Record(latency, Tags);
        Window.CountAnswer(latency, outcome);
    }

    /// <summary>Requests answered since the start with a status of this class, 1 to 5.</summary>
    public long Answered(int statusClass) => Interlocked.Read(ref _answered[statusClass]);

    /// <summary>Requests since the start that came to this.</summary>
    public long Outcome(AnswerClass outcome) => Interlocked.Read(ref _outcomes[(int)outcome]);

    public void CountCopy(CopyOutcome outcome) => Interlocked.Increment(ref _copies[(int)outcome]);

    /// <summary>Requests since the start that were to be copied to it and came to this.</summary>
    public long Copies(CopyOutcome outcome) => Interlocked.Read(ref _copies[(int)outcome]);

    /// <summary>Sets when what is still in flight is cut off; null: never.</summary>
    public void DrainUntil(DateTimeOffset? until) => Interlocked.Exchange(ref _drainUntil, until?.UtcTicks ?? long.MaxValue);

    /// <summary>Brings the end of its time forward, if that is later.</summary>
    public void DrainBy(DateTimeOffset until)
    {
        if (until.UtcTicks < Interlocked.Read(ref _drainUntil)) DrainUntil(until);
    }

    /// <summary>It stopped being live: the route has moved on.</summary>
    public void Leave(DateTimeOffset now, TimeSpan drain)
    {
        Interlocked.Exchange(ref _leftAt, now.UtcTicks);
        DrainUntil(now + drain);
    }

    /// <summary>Whether it was live at some time since.</summary>
    public bool WasLiveSince(DateTimeOffset time) => Interlocked.Read(ref _leftAt) >= time.UtcTicks;

    public bool IsDrainOver(DateTimeOffset now) => now.UtcTicks >= Interlocked.Read(ref _drainUntil);

    /// <summary>
    /// The replica with the fewest requests in flight, of those that are well; in large fleets the less busy of two picked at random
    /// (M. Mitzenmacher, "The Power of Two Choices in Randomized Load Balancing", 2001). When none is well, all count as well: a probe or
    /// a count of failures that is wrong must not take an endpoint down.
    /// </summary>
    /// <param name="now">Timestamp of the request.</param>
    /// <param name="tried">The replica that failed already; null when there is no other left.</param>
    public UpstreamReplica? Pick(long now, UpstreamReplica? tried = null)
    {
        if (_replicas.Length == 1) return tried is null ? _replicas[0] : null;
        var start = Random.Shared.Next(_replicas.Length);
        return LeastBusy(start, tried, now, wellOnly: true) ?? LeastBusy(start, tried, now, wellOnly: false);
    }

    /// <summary>Notes how a replica answered, and passes it over for a while when it keeps failing: never more than half of the fleet.</summary>
    public void Report(UpstreamReplica replica, bool isFailure)
    {
        if (!isFailure)
        {
            replica.Succeeded();
            return;
        }

        if (replica.Failed() < _outliers.Failures) return;
        var now = _outliers.Clock.GetTimestamp();
        if ((_replicas.Count(other => other.IsSkipped(now)) + 1) * 2 > _replicas.Length) return;
        var ticks = (long)(_outliers.Ejection.TotalSeconds * _outliers.Clock.TimestampFrequency);
        replica.Eject(now, ticks);
    }

    private UpstreamReplica? LeastBusy(int start, UpstreamReplica? tried, long now, bool wellOnly)
    {
        UpstreamReplica? best = null;
        var looks = _replicas.Length <= MostLookedThrough ? _replicas.Length : 2;
        for (var i = 0; i < _replicas.Length && looks > 0; i++)
        {
            var candidate = _replicas[(start + i) % _replicas.Length];
            if (candidate == tried || (wellOnly && !candidate.IsWell(now))) continue;
            looks--;
            if (best is null || candidate.InFlight < best.InFlight) best = candidate;
        }

        return best;
    }
}
