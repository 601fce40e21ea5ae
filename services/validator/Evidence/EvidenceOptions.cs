using System.ComponentModel.DataAnnotations;

namespace BlueGreen.Validator.Evidence;

/// <summary>How much of what the gates judged is kept, and how long.</summary>
public sealed class EvidenceOptions
{
    public const string Section = "BlueGreen:Validator:Evidence";

    /// <summary>How long evidence is kept.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "3650.00:00:00", ConvertValueInInvariantCulture = true, ParseLimitsInInvariantCulture = true)]
    public TimeSpan Ttl { get; set; } = TimeSpan.FromDays(90);

    /// <summary>Most bytes of all evidence together, compressed; the oldest goes first.</summary>
    [Range(1, long.MaxValue)]
    public long MostBytes { get; set; } = 256 * 1024 * 1024;

    /// <summary>Most bytes of what bakes saw, compressed; the oldest goes first.</summary>
    [Range(1, long.MaxValue)]
    public long MostBakeBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>
    /// Looks of one bake that are kept, about: of very many, every one at which a verdict changed, and some of the others.
    /// </summary>
    [Range(10, 100_000)]
    public int MostLooks { get; set; } = 500;

    /// <summary>Pause between writings of what a bake has seen so far: as much is lost when an alarm or a crash ends it.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "01:00:00", ConvertValueInInvariantCulture = true, ParseLimitsInInvariantCulture = true)]
    public TimeSpan BakeInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Most scores per colour that a gate keeps. Of more, as many as this are kept where they stand in random order (distribution, paired),
    /// and of a golden set only the results.
    /// </summary>
    [Range(100, 1_000_000)]
    public int MostScores { get; set; } = 20_000;

    /// <summary>Deployments whose evidence is deleted in one transaction.</summary>
    [Range(1, 10_000)]
    public int Batch { get; set; } = 50;

    /// <summary>Pause between sweeps.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00", ConvertValueInInvariantCulture = true, ParseLimitsInInvariantCulture = true)]
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromMinutes(1);
}
