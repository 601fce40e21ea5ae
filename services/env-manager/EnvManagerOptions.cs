using System.ComponentModel.DataAnnotations;

namespace BlueGreen.EnvManager;

/// <summary>Settings of env-manager.</summary>
public sealed class EnvManagerOptions
{
    public const string Section = "BlueGreen:EnvManager";

    /// <summary>Folder that model servers are started in; relative paths in commands are relative to it. Null: env-manager's own.</summary>
    public string? WorkingDirectory { get; set; }

    /// <summary>Host name or address under which the other services reach replicas on this machine.</summary>
    [Required]
    public string AdvertisedHost { get; set; } = "127.0.0.1";

    /// <summary>
    /// Names of env-manager's own environment variables that model servers inherit; a trailing <c>*</c> matches any ending. Nothing else
    /// is passed on: env-manager's variables hold secrets. Added to PATH, HOME, USER, LANG, LC_*, TZ, TMPDIR, LD_LIBRARY_PATH, DOTNET_*,
    /// PYTHON*, VIRTUAL_ENV, CUDA_*, NVIDIA_*, OMP_* and HF_*.
    /// </summary>
    public IList<string> InheritedVariables { get; } = [];

    /// <summary>Further environment variables for every model server.</summary>
    public IDictionary<string, string> Variables { get; } = new Dictionary<string, string>();

    /// <summary>Bytes of stdout and stderr kept per replica; when a log grows beyond, it is moved aside once and begun anew.</summary>
    [Range(4096, long.MaxValue)]
    public long LogLimitBytes { get; set; } = 16 << 20;

    /// <summary>
    /// Origins that artifacts may be fetched from, e.g. <c>https://models.example.com</c>, <c>http://10.0.0.7:9000</c>,
    /// <c>https://*.example.com</c>. Empty: only <c>file</c> artifacts.
    /// </summary>
    public IList<string> ArtifactOrigins { get; } = [];

    /// <summary>Folders that <c>file</c> artifacts may be in. Empty: any that env-manager can read.</summary>
    public IList<string> ArtifactFolders { get; } = [];

    /// <summary>Largest artifact accepted, bytes. Default 16 GiB.</summary>
    [Range(1, long.MaxValue)]
    public long ArtifactSizeLimitBytes { get; set; } = 16L << 30;

    /// <summary>True: only artifacts whose SHA-256 the registry promised are fetched. False (default): others are pinned to what came first.</summary>
    public bool RequireArtifactDigest { get; set; }

    /// <summary>Bytes that kept artifacts may take together; beyond, those that no environment uses go, the longest unused first. Default 100 GiB.</summary>
    [Range(0, long.MaxValue)]
    public long ArtifactCacheLimitBytes { get; set; } = 100L << 30;

    /// <summary>How long an artifact that no environment uses is kept after it was last asked for.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "3650.00:00:00")]
    public TimeSpan ArtifactRetention { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How long logs are kept after their environment is gone.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "3650.00:00:00")]
    public TimeSpan EvidenceRetention { get; set; } = TimeSpan.FromDays(30);

    /// <summary>First pause between readiness probes of a starting replica; doubles up to <see cref="ProbeIntervalLimit"/>.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan ProbeInterval { get; set; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Longest pause between readiness probes of a starting replica.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:10:00")]
    public TimeSpan ProbeIntervalLimit { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long one readiness probe may take.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan ProbeTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a model server may take to leave after SIGTERM before it is killed.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan StopGrace { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// True: model servers end with env-manager when it stops in good order. False (default): they go on serving and are adopted at the
    /// next start.
    /// </summary>
    public bool StopEnvironmentsOnShutdown { get; set; }

    /// <summary>How often replicas that serve, or stand by, are looked at.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan WatchInterval { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How often a replica that was ready is asked again whether it is.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan HealthInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest pause before a replica that keeps dying is started again; the pause doubles from <see cref="WatchInterval"/>.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan RestartPauseLimit { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often expired environments and stray processes are looked for.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "1.00:00:00")]
    public TimeSpan ReapInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How long a command to tear down an environment that a route still names waits for the news that it does not any more
    /// (messages are not ordered) before it is refused.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan ReferenceSettleTime { get; set; } = TimeSpan.FromSeconds(5);
}
