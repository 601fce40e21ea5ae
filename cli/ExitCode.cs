namespace BlueGreen.Cli;

/// <summary>What the process answers to the shell; the same numbers as in docs/cli.md.</summary>
internal static class ExitCode
{
    public const int Ok = 0;

    /// <summary>The platform refused the request, or the deployment that was waited for did not commit.</summary>
    public const int Refused = 1;

    /// <summary>The command line, or a file named on it, cannot be used.</summary>
    public const int Usage = 2;

    /// <summary>No answer, or an answer that says "try again" (503).</summary>
    public const int Unreachable = 3;

    public const int Unauthorised = 4;
    public const int NotFound = 5;
    public const int Conflict = 6;

    /// <summary>Ended by Ctrl-C, as shells count it.</summary>
    public const int Interrupted = 130;
}
