using System.CommandLine;
using BlueGreen.Cli.Api;

namespace BlueGreen.Cli.Commands;

/// <summary><c>bg approve · reject · cancel</c>: one person's decision about a deployment under way.</summary>
internal static class DecisionCommands
{
    public static Command Approve(CommandRunner runner) => Create(
        runner, "approve", "approval", "Lets a deployment that awaits approval be switched to, or go on past a held bake (say why).", needsReason: false);

    public static Command Reject(CommandRunner runner) => Create(
        runner, "reject", "rejection", "Tears down a deployment that awaits approval.", needsReason: true);

    public static Command Cancel(CommandRunner runner) => Create(
        runner, "cancel", "cancellation", "Ends a deployment: torn down before its switch, rolled back after it.", needsReason: true);

    /// <summary>Who speaks: an account's name, unless said otherwise.</summary>
    public static Option<string> By() => new("--by")
    {
        Description = "Who decides; default: this account's name.",
        DefaultValueFactory = _ => Environment.UserName,
    };

    private static Command Create(CommandRunner runner, string verb, string noun, string description, bool needsReason)
    {
        var target = new Argument<string>("target") { Description = "A deployment's id, or an endpoint: its active deployment." };
        var reason = new Option<string?>("--reason", "-r") { Description = "Why; kept in the history.", Required = needsReason };
        reason.Validators.Add(result =>
        {
            if (string.IsNullOrWhiteSpace(result.GetValueOrDefault<string>())) result.AddError("--reason: say why, in a few words.");
        });
        var by = By();
        var command = new Command(verb, description) { target, reason, by };
        runner.Attach(command, async (parsed, session, ct) =>
        {
            var id = await session.ResolveActiveAsync(parsed.GetRequiredValue(target), ct);
            var decision = new DecisionBody(parsed.GetRequiredValue(by), parsed.GetValue(reason));
            var answer = await session.Api.DecideAsync(id, verb, decision, ct);
            if (session.Json) session.Out.Json(answer);
            else session.Out.Line($"{noun} of deployment {id} accepted; 'bg watch {id}' follows it");
            return ExitCode.Ok;
        });
        return command;
    }
}
