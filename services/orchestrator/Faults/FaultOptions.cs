using System.ComponentModel.DataAnnotations;

namespace BlueGreen.Orchestrator.Faults;

/// <summary>How long the list of faults is kept.</summary>
public sealed class FaultOptions
{
    public const string Section = "BlueGreen:Orchestrator:Faults";

    /// <summary>
    /// How long a fault that was replayed or discarded stays on the list; who did it stays in its deployment's history. Open ones stay.
    /// Default: 90 days.
    /// </summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00")]
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(90);
}
