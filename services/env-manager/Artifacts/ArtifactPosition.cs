namespace BlueGreen.EnvManager.Artifacts;

/// <summary>Where to go on with a download that was cut off.</summary>
/// <param name="From">Bytes that are here already.</param>
/// <param name="Tag">The strong entity tag of what they are the beginning of; null when it is not known.</param>
internal sealed record ArtifactPosition(long From, string? Tag)
{
    public static ArtifactPosition Start { get; } = new(0, null);
}
