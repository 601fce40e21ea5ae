using System.CommandLine;

namespace BlueGreen.Cli.Commands;

internal static class WatchCommand
{
    public static Command Create(CommandRunner runner)
    {
        var target = new Argument<string>("target") { Description = "A deployment's id, or an endpoint: its active, else its newest deployment." };
        var command = new Command("watch", "Follows a deployment live to its end; exits 0 only if it commits.") { target };
        runner.Attach(command, async (parsed, session, ct) =>
        {
            var id = await session.ResolveDeploymentAsync(parsed.GetRequiredValue(target), orNewest: true, ct);
            return await session.FollowAsync(id, eventsAsJson: true, ct);
        });
        return command;
    }
}
