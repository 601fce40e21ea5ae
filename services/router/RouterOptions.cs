using System.ComponentModel.DataAnnotations;

namespace BlueGreen.Router;

/// <summary>Options of the router, section <c>BlueGreen:Router</c>.</summary>
public sealed class RouterOptions
{
    public const string Section = "BlueGreen:Router";

    /// <summary>Where clients send inference requests; port 0 lets the system choose.</summary>
    [Required]
    public string InferenceUrl { get; set; } = "http://127.0.0.1:8080";

    /// <summary>Where clients send HTTP/2 without TLS, gRPC above all; null: nowhere.</summary>
    public string? InferenceHttp2Url { get; set; }

    /// <summary>
    /// Whoever sends this as <c>X-BlueGreen-Preview</c> reaches green before the switch, on every endpoint; null: nobody does.
    /// </summary>
    [MinLength(16)]
    public string? PreviewToken { get; set; }

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

    /// <summary>
    /// Longest that a revert waits for a standby replica to show that it is ready; ten times as long where nothing is known of it, as after a
    /// restart.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:05")]
    public TimeSpan ProbeTimeout { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Longest silence of a replica in the midst of a request.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan UpstreamTimeout { get; set; } = TimeSpan.FromSeconds(100);

    /// <summary>
    /// Carries ordinary HTTP/1.1 requests (bodies of known length up to 64 KiB) over the router's own connections to replicas without TLS instead
    /// of through YARP's forwarder: less processor time per request (docs/adr/0016). All other requests go YARP's way.
    /// </summary>
    public bool DirectUpstream { get; set; } = true;

    /// <summary>Longest wait for a connection to a replica.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a replica that could not be connected to is passed over.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan SkipAfterConnectFailure { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How often the replicas of environments that are being asked are asked for their health.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan HealthInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Failed probes in a row after which a replica is passed over; one good probe brings it back.</summary>
    [Range(1, 100)]
    public int HealthFailures { get; set; } = 2;

    /// <summary>Longest that a replica which was started again is passed over while it is warmed; then it is taken as it is.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan ColdLimit { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Failed answers (5xx, of gRPC UNKNOWN, INTERNAL, UNAVAILABLE and DATA_LOSS, silence, broken connections) in a row after which a replica is passed over.</summary>
    [Range(1, 10_000)]
    public int OutlierFailures { get; set; } = 5;

    /// <summary>For how long, the first time; then twice as long, and so on up to 32 times. Half of a fleet at most is passed over.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan OutlierEjection { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Requests with a copy (route.mirror) at once, from a request's arrival to the end of its copy's answer; beyond that requests are not copied.
    /// </summary>
    [Range(1, 10_000)]
    public int MirrorConcurrency { get; set; } = 64;

    /// <summary>Requests with a larger body are not copied. Together with the former the most memory that copies take.</summary>
    [Range(0, 64 * 1024 * 1024)]
    public long MirrorMaxBytes { get; set; } = 256 * 1024;

    /// <summary>Longest that a copy may take.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan MirrorTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest that a strict cutover holds requests back before they get 503.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:10")]
    public TimeSpan HoldLimit { get; set; } = TimeSpan.FromMilliseconds(400);

    /// <summary>How long a strict cutover waits for every live replica to hold its requests, before it lets them go and tries again.</summary>
    [Range(typeof(TimeSpan), "00:00:00.005", "00:00:05")]
    public TimeSpan PrepareLimit { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// How long a strict cutover is tried. Longer than <see cref="LeaseTtl"/>: a replica that died is waited for until its lease is over.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan StrictDeadline { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Largest request body, bytes; a policy may say otherwise for its endpoint.</summary>
    [Range(1, long.MaxValue)]
    public long MaxRequestBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>
    /// Load balancers that policies may name (<c>route.driver.target</c>), and what only operators may say of them: addresses, files, commands,
    /// secrets. See docs/drivers.md.
    /// </summary>
    public Dictionary<string, Dictionary<string, string>> Drivers { get; set; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>How often drivers' targets are read to see whether somebody else has changed them.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan DriftInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a switch or a revert waits for a driver's target to have followed.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan DriverDeadline { get; set; } = TimeSpan.FromSeconds(10);
}
