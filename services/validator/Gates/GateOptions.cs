using System.ComponentModel.DataAnnotations;
using BlueGreen.Judging.Evidence;

namespace BlueGreen.Validator.Gates;

/// <summary>How gates measure; what they demand is the endpoint policy's <c>gates</c> section.</summary>
public sealed class GateOptions
{
    public const string Section = "BlueGreen:Validator:Gates";

    /// <summary>Requests per second of the load, over all replicas, where neither a peak was observed nor the policy says anything.</summary>
    [Range(1, 10_000)]
    public double LoadRate { get; set; } = 100;

    /// <summary>Longest time for the requests that a gate asks for: where the peak is lower than that needs, the load is higher.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00", ConvertValueInInvariantCulture = true, ParseLimitsInInvariantCulture = true)]
    public TimeSpan LongestLoad { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Requests beyond which a load does not go on for its full time.</summary>
    [Range(1000, 10_000_000)]
    public int MostLoadRequests { get; set; } = 500_000;

    /// <summary>Requests of the load when the policy asks for an error rate and for no latency.</summary>
    [Range(10, 1_000_000)]
    public int ErrorRateRequests { get; set; } = 200;

    /// <summary>Unmeasured requests per replica before the load: they open the validator's own connections and compile its own code.</summary>
    [Range(0, 1000)]
    public int PrimingRequests { get; set; } = 10;

    /// <summary>
    /// How late a request may leave because of the validator's own timer without that being charged to the model; lateness beyond it is
    /// part of the latency, so that a stalled measurement never flatters.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:01", ConvertValueInInvariantCulture = true, ParseLimitsInInvariantCulture = true)]
    public TimeSpan TimerSlack { get; set; } = TimeSpan.FromMilliseconds(10);

    /// <summary>Tries of the health gate per replica before it fails.</summary>
    [Range(1, 100)]
    public int HealthTries { get; set; } = 3;

    /// <summary>Pause between these tries.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00", ConvertValueInInvariantCulture = true, ParseLimitsInInvariantCulture = true)]
    public TimeSpan HealthPause { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Requests in flight at once, per environment, while scores are sampled: blue is serving production meanwhile.</summary>
    [Range(1, 256)]
    public int SamplingConcurrency { get; set; } = 2;

    /// <summary>Scores per side below which distributions are not compared at all: the confidence intervals rest on large-sample limits.</summary>
    [Range(20, 100_000)]
    public int FewestScores { get; set; } = 100;

    /// <summary>Largest share of predictions a side may owe (failed requests and nulls) for its distribution to be judged.</summary>
    [Range(0.0, 0.5)]
    public double ToleratedMissingShare { get; set; } = DistributionEvidence.UsuallyToleratedMissingShare;

    /// <summary>Environments judged at the same time by one process; more than one disturb each other's latencies.</summary>
    [Range(1, 64)]
    public int Concurrency { get; set; } = 2;
}
