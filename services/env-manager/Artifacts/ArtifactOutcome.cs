namespace BlueGreen.EnvManager.Artifacts;

/// <summary>The verified file on this machine, or why there is none.</summary>
internal sealed record ArtifactOutcome
{
    private ArtifactOutcome(string? path, string? sha256, string? problem, bool retryable) =>
        (Path, Sha256, Problem, Retryable) = (path, sha256, problem, retryable);

    /// <summary>Full path of the verified file; null when there is a <see cref="Problem"/>.</summary>
    public string? Path { get; }

    /// <summary>The file's digest, also where none was promised; null when there is a <see cref="Problem"/>.</summary>
    public string? Sha256 { get; }

    /// <summary>What is wrong, for people.</summary>
    public string? Problem { get; }

    /// <summary>True when asking again may help, e.g. the server was busy.</summary>
    public bool Retryable { get; }

    public static ArtifactOutcome Ready(string path, string sha256) => new(path, sha256, null, false);
    public static ArtifactOutcome Refused(string problem) => new(null, null, problem, false);
    public static ArtifactOutcome Unreachable(string problem) => new(null, null, problem, true);
}
