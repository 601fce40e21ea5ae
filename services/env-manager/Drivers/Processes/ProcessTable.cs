using System.Globalization;

namespace BlueGreen.EnvManager.Drivers.Processes;

/// <summary>Reads <c>/proc</c>. A process may vanish between any two reads: what cannot be read is not there.</summary>
internal static class ProcessTable
{
    /// <summary>All processes that have not exited.</summary>
    public static IReadOnlyList<ProcessEntry> All() =>
        [.. Directory.EnumerateDirectories("/proc")
            .Select(path => int.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? Find(id) : null)
            .OfType<ProcessEntry>()];

    /// <summary>The process, unless it has exited.</summary>
    public static ProcessEntry? Find(int id) =>
        Read($"/proc/{id}/stat") is { } stat && ProcessEntry.Parse(stat) is { HasExited: false } entry ? entry : null;

    /// <summary>The environment a process was started with; empty when it is another user's, or gone.</summary>
    public static IReadOnlyDictionary<string, string> EnvironmentOf(int id)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in (Read($"/proc/{id}/environ") ?? "").Split('\0', StringSplitOptions.RemoveEmptyEntries))
        {
            if (pair.IndexOf('=') is > 0 and var end) variables.TryAdd(pair[..end], pair[(end + 1)..]);
        }

        return variables;
    }

    /// <summary>Distinguishes boots of the machine: start times count from there.</summary>
    public static string BootId() => (Read("/proc/sys/kernel/random/boot_id") ?? "").Trim();

    private static string? Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
