using BlueGreen.Cli.Api;

namespace BlueGreen.Cli;

/// <summary>A command cannot do what it was asked; carries what the user is told and what the shell gets.</summary>
internal sealed class CommandFailure(int exitCode, Problem problem) : Exception(problem.Detail ?? problem.Title)
{
    public int ExitCode { get; } = exitCode;

    public Problem Problem { get; } = problem;

    public static CommandFailure Usage(string field, string detail) =>
        new(Cli.ExitCode.Usage, new Problem { Title = "The command cannot be run.", Field = field, Detail = detail });
}
