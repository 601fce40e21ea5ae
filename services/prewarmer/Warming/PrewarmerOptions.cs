using System.ComponentModel.DataAnnotations;

namespace BlueGreen.Prewarmer.Warming;

/// <summary>What holds for every warm-up; how long one lasts is the endpoint policy's <c>warmup</c> section.</summary>
public sealed class PrewarmerOptions
{
    public const string Section = "BlueGreen:Prewarmer";

    /// <summary>Differences up to this are measurement noise and count as flat.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:01", ConvertValueInInvariantCulture = true, ParseLimitsInInvariantCulture = true)]
    public TimeSpan NoiseFloor { get; set; } = TimeSpan.FromMilliseconds(0.25);

    /// <summary>Largest share of failed requests in the windows that are judged; more is not warm, however flat the rest is.</summary>
    [Range(0.0, 0.5)]
    public double ToleratedErrorShare { get; set; } = 0.05;

    /// <summary>Requests after which a replica that has failed most of them is given up early.</summary>
    [Range(1, 10_000)]
    public int RequestsBeforeGivingUp { get; set; } = 20;

    /// <summary>Pause after a failed request, so that a replica that refuses connections is not given up within milliseconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:10", ConvertValueInInvariantCulture = true, ParseLimitsInInvariantCulture = true)]
    public TimeSpan PauseAfterError { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Most requests in flight at a time, per replica, however many production has at its peak.</summary>
    [Range(1, 256)]
    public int MaxConcurrency { get; set; } = 32;

    /// <summary>Payload shapes that are warmed each on its own, the most frequent ones; the rest are warmed together.</summary>
    [Range(1, 100)]
    public int MaxShapes { get; set; } = 8;

    /// <summary>Restarts of a replica on the way that are put up with; each makes it begin anew.</summary>
    [Range(0, 100)]
    public int ToleratedRestarts { get; set; } = 2;

    /// <summary>Environments warmed at the same time by one process.</summary>
    [Range(1, 64)]
    public int Concurrency { get; set; } = 4;
}
