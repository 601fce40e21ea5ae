namespace BlueGreen.EnvManager.Artifacts;

/// <summary>An artifact's bytes, not yet verified, or why they cannot be had.</summary>
internal sealed class ArtifactStream : IAsyncDisposable
{
    private readonly IDisposable? _owner;

    private ArtifactStream(Stream? content, IDisposable? owner, ArtifactOutcome? failure) =>
        (Content, _owner, Failure) = (content, owner, failure);

    /// <summary>Null when there is a <see cref="Failure"/>.</summary>
    public Stream? Content { get; }

    public ArtifactOutcome? Failure { get; }

    /// <summary>Number of the first byte: not 0 when a download goes on where it was cut off.</summary>
    public long From { get; init; }

    /// <summary>Strong entity tag of the whole; null when the source has none.</summary>
    public string? Tag { get; init; }

    /// <param name="content">The bytes.</param>
    /// <param name="owner">What the bytes hang on, e.g. an HTTP response; disposed with them.</param>
    /// <param name="from">Number of the first byte.</param>
    /// <param name="tag">Strong entity tag of the whole.</param>
    public static ArtifactStream Of(Stream content, IDisposable? owner = null, long from = 0, string? tag = null) =>
        new(content, owner, null) { From = from, Tag = tag };

    public static ArtifactStream Refused(string problem) => new(null, null, ArtifactOutcome.Refused(problem));
    public static ArtifactStream Unreachable(string problem) => new(null, null, ArtifactOutcome.Unreachable(problem));

    public async ValueTask DisposeAsync()
    {
        if (Content is not null) await Content.DisposeAsync();
        _owner?.Dispose();
    }
}
