using System.Globalization;
using System.Text;

namespace BlueGreen.Chaos.Evidence;

/// <summary>Finds the model servers of a run in <c>/proc</c>, by the tags that env-manager gives them.</summary>
internal static class FleetProcesses
{
    /// <param name="folder">The run's folder: env-manager's data directory is in it.</param>
    public static IReadOnlyList<FleetProcess> Under(string folder)
    {
        var found = new List<FleetProcess>();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out var id)) continue;
            if (Read(id, directory, folder) is { } process) found.Add(process);
        }

        return found;
    }

    private static FleetProcess? Read(int id, string directory, string folder)
    {
        try
        {
            // What has exited and was not waited for has no environment any more, and is found by nobody.
            var variables = Encoding.UTF8.GetString(File.ReadAllBytes(Path.Combine(directory, "environ"))).Split('\0');
            return Value(variables, "BLUEGREEN_DATA_DIRECTORY")?.StartsWith(folder, StringComparison.Ordinal) == true
                && Guid.TryParse(Value(variables, "BLUEGREEN_ENVIRONMENT_ID"), out var environment)
                && int.TryParse(Value(variables, "BLUEGREEN_REPLICA"), CultureInfo.InvariantCulture, out var replica)
                    ? new FleetProcess(id, environment, replica)
                    : null;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string? Value(string[] variables, string name) =>
        variables.FirstOrDefault(variable => variable.StartsWith($"{name}=", StringComparison.Ordinal))?[(name.Length + 1)..];
}
