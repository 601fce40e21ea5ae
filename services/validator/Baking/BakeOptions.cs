using System.ComponentModel.DataAnnotations;

namespace BlueGreen.Validator.Baking;

/// <summary>How bakes are watched; what they demand is the endpoint policy's <c>bake</c> section.</summary>
public sealed class BakeOptions
{
    public const string Section = "BlueGreen:Validator:Baking";

    /// <summary>
    /// Probability that a clean bake (every true value within its limit) is failed by luck, over all of its looks and metrics together.
    /// </summary>
    [Range(1e-6, 0.1)]
    public double FalseRollbackBudget { get; set; } = 0.01;

    /// <summary>Width of the recent window, if the policy's interval is shorter: it finds what begins late in a long bake.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00", ConvertValueInInvariantCulture = true, ParseLimitsInInvariantCulture = true)]
    public TimeSpan RecentWindow { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest wait for one router's windows; a look does not wait for a router that is down.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00", ConvertValueInInvariantCulture = true, ParseLimitsInInvariantCulture = true)]
    public TimeSpan RouterTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Shortest pause between looks, whatever the policy says.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00", ConvertValueInInvariantCulture = true, ParseLimitsInInvariantCulture = true)]
    public TimeSpan ShortestInterval { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Longest wait for blue's word before green is failed, where blue gets copies and has not answered one of a request that green failed:
    /// the trouble may be both's.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00", ConvertValueInInvariantCulture = true, ParseLimitsInInvariantCulture = true)]
    public TimeSpan BlueWait { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Pause between probes of blue, which is the way back while green bakes.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:10:00", ConvertValueInInvariantCulture = true, ParseLimitsInInvariantCulture = true)]
    public TimeSpan BlueProbeInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Bakes watched at the same time by one process; a bake holds its place to its end.</summary>
    [Range(1, 10_000)]
    public int Concurrency { get; set; } = 64;
}
