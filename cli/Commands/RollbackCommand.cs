using System.CommandLine;
using BlueGreen.Cli.Api;

namespace BlueGreen.Cli.Commands;

internal static class RollbackCommand
{
    public static Command Create(CommandRunner runner)
    {
        var target = new Argument<string>("target") { Description = "A deployment's id, or an endpoint: its active deployment." };
        var reason = new Option<string>("--reason", "-r") { Description = "Why; kept in the history.", Required = true };
        reason.Validators.Add(result =>
        {
            if (string.IsNullOrWhiteSpace(result.GetValueOrDefault<string>())) result.AddError("--reason: say why, in a few words.");
        });
        var by = DecisionCommands.By();
        var command = new Command("rollback", "Takes a deployment out of traffic, back to what served before.") { target, reason, by };
        runner.Attach(command, async (parsed, session, ct) =>
        {
            var id = await session.ResolveDeploymentAsync(parsed.GetRequiredValue(target), orNewest: false, ct);
            var answer = await session.Api.RollBackAsync(id, new RollbackBody(parsed.GetRequiredValue(reason), parsed.GetRequiredValue(by)), ct);
            if (session.Json) session.Out.Json(answer);
            else session.Out.Line($"rollback of deployment {id} accepted; 'bg watch {id}' follows it");
            return ExitCode.Ok;
        });
        return command;
    }
}
