using System.Globalization;
using BlueGreen.EnvManager.Artifacts;

namespace BlueGreen.EnvManager.Drivers.Processes;

/// <summary>Fills a command's placeholders in. No shell reads the result: an argument stays one argument, whatever is in it.</summary>
internal static class CommandLine
{
    public static IReadOnlyList<string> Fill(ReplicaLaunch launch, int port) =>
        [.. launch.Command.Select(word => word
            .Replace("{port}", port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{model}", launch.Model, StringComparison.Ordinal)
            .Replace("{version}", launch.Version, StringComparison.Ordinal)
            .Replace(UnpackedArtifact.Placeholder, UnpackedArtifact.FolderOf(launch.ArtifactPath), StringComparison.Ordinal)
            .Replace("{artifact}", launch.ArtifactPath, StringComparison.Ordinal))];
}
