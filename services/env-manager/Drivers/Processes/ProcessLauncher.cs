using System.Diagnostics;
using System.IO.Enumeration;
using Microsoft.Extensions.Options;

namespace BlueGreen.EnvManager.Drivers.Processes;

/// <summary>
/// Starts a program that outlives its parent: a session of its own (setsid), so that no terminal or group signal of ours reaches it;
/// stdin, stdout and stderr are files, so that no pipe breaks under it when we are gone.
/// </summary>
internal sealed class ProcessLauncher(IOptions<EnvManagerOptions> options)
{
    /// <summary>$1 is the log; the rest is the command, which takes the shell's place and process id.</summary>
    private const string Redirect = """log=$1; shift; exec "$@" </dev/null >>"$log" 2>&1""";

    private static readonly string[] Inherited =
    [
        "PATH", "HOME", "USER", "LANG", "LC_*", "TZ", "TMPDIR", "LD_LIBRARY_PATH", "DOTNET_*", "PYTHON*", "VIRTUAL_ENV", "CUDA_*",
        "NVIDIA_*", "OMP_*", "HF_*",
    ];

    /// <summary>The process id: setsid, the shell and the program take over from one another in the same process.</summary>
    public int Start(IReadOnlyList<string> command, string logPath, IReadOnlyDictionary<string, string> tags)
    {
        var start = new ProcessStartInfo("setsid")
        {
            UseShellExecute = false,
            WorkingDirectory = Path.GetFullPath(options.Value.WorkingDirectory ?? "."),
        };
        foreach (var word in (IEnumerable<string>)["sh", "-c", Redirect, "sh", logPath, .. command]) start.ArgumentList.Add(word);
        foreach (var name in start.Environment.Keys.Where(name => !IsInherited(name)).ToArray()) start.Environment.Remove(name);
        foreach (var (name, value) in options.Value.Variables) start.Environment[name] = value;
        foreach (var (name, value) in tags) start.Environment[name] = value;
        using var process = Process.Start(start) ?? throw new InvalidOperationException("setsid did not start.");
        return process.Id;
    }

    private bool IsInherited(string name) =>
        Inherited.Concat(options.Value.InheritedVariables)
            .Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false));
}
