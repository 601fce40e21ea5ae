using System.ComponentModel.DataAnnotations;

namespace BlueGreen.Orchestrator.Blobs;

/// <summary>Limits of the files that policies refer to.</summary>
public sealed class BlobOptions
{
    public const string Section = "BlueGreen:Orchestrator:Blobs";

    /// <summary>Largest blob in bytes. Default: 64 MiB.</summary>
    [Range(1, 1024L * 1024 * 1024)]
    public long MaxBytes { get; set; } = 64L * 1024 * 1024;
}
