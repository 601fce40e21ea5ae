namespace BlueGreen.Router.Drivers.Nginx;

/// <summary>
/// The worker processes of a running NGINX, by the process id of its master. After a reload both generations take connections for a moment (the
/// master gives the new ones 100 ms to start); old ones that do so no longer say in their title that they are shutting down.
/// </summary>
internal sealed class NginxWorkers
{
    private readonly IReadOnlyList<string> _processes;

    private NginxWorkers(IReadOnlyList<string> processes) => _processes = processes;

    /// <summary>How many only finish what they have.</summary>
    public int Finishing => _processes.Count(process => Title(process)?.Contains("is shutting down", StringComparison.Ordinal) == true);

    /// <returns>Null where the operator has named no process id file, or it cannot be followed.</returns>
    public static NginxWorkers? Of(DriverSettings settings)
    {
        if (settings.FromOperator("pid") is not { } file) return null;
        try
        {
            var master = File.ReadAllText(file).Trim();
            return new NginxWorkers(File.ReadAllText($"/proc/{master}/task/{master}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Whether one of these still does, some time later.</summary>
    public bool AnyTakesConnections() =>
        _processes.Any(process => Title(process) is { Length: > 0 } title && !title.Contains("is shutting down", StringComparison.Ordinal));

    /// <returns>Null: it is gone; empty: it has ended and nobody has noticed yet.</returns>
    private static string? Title(string process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
