using System.ComponentModel.DataAnnotations;

namespace BlueGreen.Platform.Hosting;

/// <summary>What every process of the platform is told, whatever services it hosts.</summary>
public sealed class PlatformOptions
{
    public const string Section = "BlueGreen";

    /// <summary>
    /// Directory for what a process keeps on disk: journals, artifact and blob caches, evidence. Relative paths start at the
    /// current directory. Default: <c>data</c>.
    /// </summary>
    [Required]
    public string DataDirectory { get; set; } = "data";
}
