namespace BlueGreen.EnvManager.Artifacts;

/// <summary>Where artifacts come from: one adapter per kind of address.</summary>
internal interface IArtifactSource
{
    /// <summary>The schemes that this source understands, for people.</summary>
    IReadOnlyList<string> Schemes { get; }

    /// <summary>
    /// Opens the artifact's bytes. Whoever asked disposes what is returned, limits how much is read and checks the digest.
    /// What is expected to go wrong (missing, forbidden, unreachable) is data, not an exception.
    /// </summary>
    /// <param name="uri">Of one of the <see cref="Schemes"/>.</param>
    /// <param name="position">Where to begin, if that can be done: <see cref="ArtifactStream.From"/> says where it begins.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    Task<ArtifactStream> OpenAsync(Uri uri, ArtifactPosition position, CancellationToken cancellationToken);
}
