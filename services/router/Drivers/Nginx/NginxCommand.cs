using System.Diagnostics;

namespace BlueGreen.Router.Drivers.Nginx;

/// <summary>Runs the program that the operator named, with what is to be done as its last arguments.</summary>
internal static class NginxCommand
{
    private const int MostCharacters = 1000;

    /// <returns>Null: it ended with 0. Otherwise what it said.</returns>
    public static async Task<string?> RunAsync(DriverRoute route, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var words = route.Settings.FromOperator("command", "nginx").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var start = new ProcessStartInfo(words[0], [.. words.Skip(1), .. arguments]) { RedirectStandardError = true, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        try
        {
            var said = await Task.WhenAll(
                process.StandardError.ReadToEndAsync(cancellationToken), process.StandardOutput.ReadToEndAsync(cancellationToken));
            await process.WaitForExitAsync(cancellationToken);
            if (process.ExitCode == 0) return null;
            var text = string.Concat(said).Trim();
            return $"'{words[0]} {string.Join(' ', arguments)}' ended with {process.ExitCode}: {text[..Math.Min(text.Length, MostCharacters)]}";
        }
        catch (OperationCanceledException)
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
