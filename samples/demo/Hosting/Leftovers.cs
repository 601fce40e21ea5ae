using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace BlueGreen.Demo.Hosting;

/// <summary>
/// Ends whatever still runs of this run: processes that inherited its mark, or were started with files of its folder. Needed only when
/// the platform could not tear its fleets down itself, e.g. because it was killed.
/// </summary>
internal sealed class Leftovers(string runId, string folder)
{
    /// <summary>Environment variable that everything started by the demo inherits.</summary>
    public const string Variable = "BLUEGREEN_DEMO_RUN";

    /// <summary>How many were ended. Where there is no <c>/proc</c> nothing is found.</summary>
    public int End()
    {
        var ended = 0;
        foreach (var id in Find())
        {
            try
            {
                using var process = Process.GetProcessById(id);
                process.Kill(entireProcessTree: true);
                ended++;
            }
            catch (Exception gone) when (gone is ArgumentException or InvalidOperationException)
            {
                // It ended by itself in between.
            }
        }

        return ended;
    }

    public IEnumerable<int> Find()
    {
        if (!Directory.Exists("/proc/self")) yield break;
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out var id)) continue;
            if (id != Environment.ProcessId && IsOurs(directory)) yield return id;
        }
    }

    private bool IsOurs(string directory) =>
        Holds(Path.Combine(directory, "environ"), $"{Variable}={runId}") || Holds(Path.Combine(directory, "cmdline"), folder);

    private static bool Holds(string path, string text)
    {
        try
        {
            return File.ReadAllBytes(path).AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;
        }
        catch (Exception notOurs) when (notOurs is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
