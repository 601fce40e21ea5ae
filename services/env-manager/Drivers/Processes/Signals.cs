using System.Runtime.InteropServices;

namespace BlueGreen.EnvManager.Drivers.Processes;

/// <summary>kill(2).</summary>
internal static partial class Signals
{
    public const int Kill = 9;
    public const int Terminate = 15;

    /// <summary>To one process; false when it is gone (or not ours to signal).</summary>
    public static bool Send(int processId, int signal)
    {
        // 0 and negative ids mean "my own group" and "everybody": never by accident.
        ArgumentOutOfRangeException.ThrowIfLessThan(processId, 2);
        return KillNative(processId, signal) == 0;
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int KillNative(int processId, int signal);
}
