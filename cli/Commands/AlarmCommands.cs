using System.CommandLine;
using System.Text.Json;
using BlueGreen.Cli.Api;

namespace BlueGreen.Cli.Commands;

/// <summary><c>bg alarms · blocks · unblock</c>: what was heard, and what was rolled back stays out until somebody lets it in.</summary>
internal static class AlarmCommands
{
    public static Command Alarms(CommandRunner runner)
    {
        var endpoint = new Argument<string?>("endpoint") { Description = "Of this endpoint; default: of all.", Arity = ArgumentArity.ZeroOrOne };
        var unmatched = new Option<bool>("--unmatched") { Description = "Only those that no endpoint has a rule for." };
        var limit = new Option<int>("--limit") { Description = "Most rows.", DefaultValueFactory = _ => 50 };
        var command = new Command("alarms", "Alarms that were heard and what was decided on them, newest first.") { endpoint, unmatched, limit };
        runner.Attach(command, async (parsed, session, ct) =>
        {
            var answer = await session.Api.AlarmsAsync(parsed.GetValue(endpoint), parsed.GetValue(unmatched), parsed.GetValue(limit), ct);
            if (session.Json) session.Out.Json(answer);
            else session.Out.Alarms(answer.Deserialize(ApiJson.Default.AlarmViewArray)!);
            return ExitCode.Ok;
        });
        return command;
    }

    public static Command Blocks(CommandRunner runner)
    {
        var endpoint = new Argument<string?>("endpoint") { Description = "Of this endpoint; default: of all.", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("blocks", "Model versions that were rolled back and cannot be promoted automatically.") { endpoint };
        runner.Attach(command, async (parsed, session, ct) =>
        {
            var answer = await session.Api.BlocksAsync(parsed.GetValue(endpoint), ct);
            if (session.Json) session.Out.Json(answer);
            else session.Out.Blocks(answer.Deserialize(ApiJson.Default.BlockViewArray)!);
            return ExitCode.Ok;
        });
        return command;
    }

    public static Command Unblock(CommandRunner runner)
    {
        var endpoint = new Argument<string>("endpoint") { Description = "The endpoint." };
        var version = new Argument<string>("version") { Description = "The model version that was rolled back." };
        var model = new Option<string?>("--model", "-m") { Description = "Of this model; default: of any." };
        var reason = new Option<string>("--reason", "-r") { Description = "Why; kept in the history.", Required = true };
        var by = DecisionCommands.By();
        var command = new Command("unblock", "Lets a model version that was rolled back be promoted automatically again.")
        {
            endpoint, version, model, reason, by,
        };
        runner.Attach(command, async (parsed, session, ct) =>
        {
            var name = parsed.GetRequiredValue(endpoint);
            var body = new UnblockBody(
                parsed.GetRequiredValue(version), parsed.GetValue(model), parsed.GetRequiredValue(reason), parsed.GetRequiredValue(by));
            var answer = await session.Api.UnblockAsync(name, body, ct);
            if (session.Json) session.Out.Json(answer);
            else session.Out.Line($"version {body.Version} may be promoted to {name} again");
            return ExitCode.Ok;
        });
        return command;
    }
}
