using System.ComponentModel.DataAnnotations;

namespace BlueGreen.Router;

/// <summary>Options of the router, section <c>BlueGreen:Router</c>.</summary>
public sealed class RouterOptions
{
    public const string Section = "BlueGreen:Router";

    /// <summary>Where clients send inference requests; port 0 lets the system choose.</summary>
    [Required]
    public string InferenceUrl { get; set; } = "http://127.0.0.1:8080";

    /// <summary>
    /// Name of this replica; null: the machine's name and a suffix made once and kept in the data directory. Two replicas must never share
    /// one, and a replica must keep its own as long as it keeps its data directory.
    /// </summary>
    [StringLength(128, MinimumLength = 1)]
    public string? Name { get; set; }

    /// <summary>Reverts, and nothing else, are also allowed with this bearer token; null: only with the operator's.</summary>
    [MinLength(16)]
    public string? BreakGlassToken { get; set; }

    /// <summary>How long a switch waits for every live replica to acknowledge before its receipt says "not confirmed".</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan SwitchDeadline { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a release waits for every registered replica to promise that it refuses reverts, before it is withdrawn.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan ReleaseDeadline { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>A replica that has not renewed its lease for this long is not waited for by a switch.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan LeaseTtl { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// A replica that was not heard of for this long is not waited for by a release either; a replica that was cut off from the database
    /// for nearly this long refuses reverts (docs/adr/0008).
    /// </summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan ForgetReplicaAfter { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How often the routes are read when nothing announced a change.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:05")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Longest that a revert waits for a standby replica to show that it is ready.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:05")]
    public TimeSpan ProbeTimeout { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Longest silence of a replica in the midst of a request.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan UpstreamTimeout { get; set; } = TimeSpan.FromSeconds(100);

    /// <summary>Longest wait for a connection to a replica.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a replica that could not be connected to is passed over.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan SkipAfterConnectFailure { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Largest request body, bytes.</summary>
    [Range(1, long.MaxValue)]
    public long MaxRequestBytes { get; set; } = 64 * 1024 * 1024;
}
