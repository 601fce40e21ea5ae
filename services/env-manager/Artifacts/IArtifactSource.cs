namespace BlueGreen.EnvManager.Artifacts;

/// <summary>Where artifacts come from: one adapter per kind of address.</summary>
internal interface IArtifactSource
{
    /// <summary>True when this source understands the address.</summary>
    bool Handles(Uri uri);

    /// <summary>
    /// Opens the artifact's bytes. Whoever asked disposes what is returned, limits how much is read and checks the digest.
    /// What is expected to go wrong (missing, forbidden, unreachable) is data, not an exception.
    /// </summary>
    Task<ArtifactStream> OpenAsync(Uri uri, CancellationToken cancellationToken);
}
