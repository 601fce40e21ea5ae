using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace BlueGreen.Judging.Tests.Statistics;

/// <summary>The Python with scipy 1.10 that <c>eng/scipy</c> finds or installs.</summary>
internal static class Scipy
{
    /// <summary>Skips the calling test where there is none; fails it where skipping is forbidden.</summary>
    public static async Task<string> RequireAsync(CancellationToken ct)
    {
        var script = Path.Combine(Root(), "eng", "scipy");
        var (code, output, error) = await RunAsync("bash", [script], ct);
        if (code == 0) return output.Trim();
        if (Environment.GetEnvironmentVariable("BLUEGREEN_FORBID_SKIP") == "1")
            throw new InvalidOperationException($"{error.Trim()} (BLUEGREEN_FORBID_SKIP=1 forbids to skip)");
        Assert.Skip(error.Trim());
        return "";
    }

    public static async Task<(int Code, string Output, string Error)> RunAsync(string program, IEnumerable<string> arguments, CancellationToken ct)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(ct);
        var error = process.StandardError.ReadToEndAsync(ct);
        await process.WaitForExitAsync(ct);
        return (process.ExitCode, await output, await error);
    }

    private static string Root([CallerFilePath] string here = "")
    {
        var folder = Path.GetDirectoryName(here);
        while (folder is not null && !File.Exists(Path.Combine(folder, "BlueGreen.Platform.sln"))) folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException($"No folder above {here} holds BlueGreen.Platform.sln.");
    }
}
