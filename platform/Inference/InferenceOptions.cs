using System.ComponentModel.DataAnnotations;

namespace BlueGreen.Platform.Inference;

/// <summary>How the platform itself talks to model servers; client traffic is the router's and is not affected.</summary>
public sealed class InferenceOptions
{
    public const string Section = "BlueGreen:Inference";

    /// <summary>Longest wait for one answer; then the request counts as failed.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:10:00", ConvertValueInInvariantCulture = true, ParseLimitsInInvariantCulture = true)]
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Largest answer that is read, bytes; a larger one counts as failed.</summary>
    [Range(1024, int.MaxValue)]
    public int MaxReplyBytes { get; set; } = 16 * 1024 * 1024;
}
