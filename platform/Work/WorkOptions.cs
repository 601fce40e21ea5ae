using System.ComponentModel.DataAnnotations;

namespace BlueGreen.Platform.Work;

/// <summary>How work items are leased and retried.</summary>
public sealed class WorkOptions
{
    public const string Section = "BlueGreen:Work";

    /// <summary>How long a silent worker keeps its item; the heartbeat runs three times as often.</summary>
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How often items are looked for without having been woken.</summary>
    public TimeSpan Poll { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Runs that may end in an exception before the work is given up: with the pauses between them, a minute and a half.</summary>
    [Range(1, 100)]
    public int MaxTries { get; set; } = 8;
}
