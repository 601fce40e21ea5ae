using System.CommandLine;
using System.Text.Json;
using BlueGreen.Cli.Api;

namespace BlueGreen.Cli.Commands;

internal static class ReplayCommand
{
    public static Command Create(CommandRunner runner)
    {
        var target = new Argument<string>("target") { Description = "A deployment's id, or an endpoint: its active deployment." };
        var from = new Option<string?>("--from") { Description = "Stage to start again from, e.g. Provisioning; default: the one that faulted." };
        var reason = new Option<string?>("--reason", "-r") { Description = "Why; kept in the history." };
        var by = DecisionCommands.By();
        var command = new Command("replay", "Takes a faulted deployment up again, with a new attempt of a stage.") { target, from, reason, by };
        runner.Attach(command, async (parsed, session, ct) =>
        {
            var id = await session.ResolveActiveAsync(parsed.GetRequiredValue(target), ct);
            var body = new ReplayBody(parsed.GetValue(from), parsed.GetRequiredValue(by), parsed.GetValue(reason));
            var answer = await session.Api.ReplayAsync(id, body, ct);
            var replay = answer.Deserialize(ApiJson.Default.ReplayView)!;
            if (session.Json) session.Out.Json(answer);
            else session.Out.Line($"{replay.Stage}, attempt {replay.Attempt}{(replay.Already ? " (already under way)" : "")}; 'bg watch {id}' follows it");
            return ExitCode.Ok;
        });
        return command;
    }
}
