using System.ComponentModel.DataAnnotations;

namespace BlueGreen.Prewarmer.Rewarming;

/// <summary>How replicas that were started again are warmed; when they count as warm is the endpoint policy's <c>warmup</c> section.</summary>
public sealed class RewarmOptions
{
    public const string Section = "BlueGreen:Prewarmer:Rewarming";

    /// <summary>Longest time for one replica, loading its model included; then it gets requests as it is.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00", ConvertValueInInvariantCulture = true, ParseLimitsInInvariantCulture = true)]
    public TimeSpan Limit { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Pause between questions whether it is ready.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00", ConvertValueInInvariantCulture = true, ParseLimitsInInvariantCulture = true)]
    public TimeSpan ReadinessPause { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Replicas warmed again at the same time by one process.</summary>
    [Range(1, 64)]
    public int Concurrency { get; set; } = 4;
}
