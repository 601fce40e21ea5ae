using System.ComponentModel.DataAnnotations;

namespace BlueGreen.Validator.Metrics;

/// <summary>Where policies may send the validator for metrics.</summary>
public sealed class MetricOptions
{
    public const string Section = "BlueGreen:Validator:Metrics";

    /// <summary>Configuration section with the values behind <c>secretRef</c>: <c>BlueGreen:Secrets:NAME</c>.</summary>
    public const string Secrets = "BlueGreen:Secrets";

    /// <summary>Hosts that policies may name; none by default, so that a policy is no way into the network.</summary>
    public IList<string> AllowedHosts { get; } = [];

    /// <summary>Longest wait for one answer.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:05:00", ConvertValueInInvariantCulture = true, ParseLimitsInInvariantCulture = true)]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest answer in bytes.</summary>
    [Range(1024, 64 * 1024 * 1024)]
    public int MaxAnswerBytes { get; set; } = 1024 * 1024;
}
