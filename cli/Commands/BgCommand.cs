using System.CommandLine;
using BlueGreen.Cli.Output;

namespace BlueGreen.Cli.Commands;

/// <summary>The whole command line: <c>bg promote · status · watch · approve · reject · rollback · cancel · routes · captures · policy · judge</c>.</summary>
internal static class BgCommand
{
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error, CancellationToken ct)
    {
        var parsed = Create(output, error).Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var fault in parsed.Errors) await error.WriteLineAsync($"error: {fault.Message}");
            await error.WriteLineAsync("Try --help.");
            return ExitCode.Usage;
        }

        var invocation = new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false };
        return await parsed.InvokeAsync(invocation, ct);
    }

    private static RootCommand Create(TextWriter output, TextWriter error)
    {
        var options = new ConnectionOptions();
        var runner = new CommandRunner(options, new CliOutput(output, error));
        return new RootCommand("Operates BlueGreen.Platform: promotions, their progress, their way back.")
        {
            options.Server,
            options.Token,
            options.Json,
            PromoteCommand.Create(runner),
            StatusCommand.Create(runner),
            WatchCommand.Create(runner),
            DecisionCommands.Approve(runner),
            DecisionCommands.Reject(runner),
            RollbackCommand.Create(runner),
            DecisionCommands.Cancel(runner),
            ReplayCommand.Create(runner),
            FaultsCommand.Create(runner),
            AlarmCommands.Alarms(runner),
            AlarmCommands.Blocks(runner),
            AlarmCommands.Unblock(runner),
            RoutesCommand.Create(runner),
            CapturesCommand.Create(runner),
            DeliveriesCommand.Create(runner),
            PolicyCommand.Create(runner),
            JudgeCommand.Create(runner),
        };
    }
}
