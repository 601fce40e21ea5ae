using System.CommandLine;
using System.Text.Json;
using BlueGreen.Cli.Api;

namespace BlueGreen.Cli.Commands;

/// <summary><c>bg faults list · show · replay · discard</c>: what the platform gave up.</summary>
internal static class FaultsCommand
{
    public static Command Create(CommandRunner runner) => new("faults", "Messages and work that were given up, and what becomes of them.")
    {
        List(runner),
        Show(runner),
        Settle(runner, "replay", "Sends faulted messages again; a stage's command starts a new attempt of the stage.", needsReason: false),
        Settle(runner, "discard", "Takes faults off the list of open ones; nothing is sent.", needsReason: true),
    };

    private static Command List(CommandRunner runner)
    {
        var filter = new FilterOptions();
        var state = new Option<string?>("--state") { Description = "Open, Replayed or Discarded; default: all." };
        var limit = new Option<int>("--limit") { Description = "Most rows.", DefaultValueFactory = _ => 50 };
        var command = new Command("list", "Faults, newest first.") { filter.Deployment, filter.Endpoint, filter.Service, state, limit };
        runner.Attach(command, async (parsed, session, ct) =>
        {
            var answer = await session.Api.FaultsAsync(filter.Read(parsed, parsed.GetValue(state)), parsed.GetValue(limit), ct);
            if (session.Json) session.Out.Json(answer);
            else session.Out.Faults(answer.Deserialize(ApiJson.Default.FaultViewArray)!);
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Show(CommandRunner runner)
    {
        var id = new Argument<Guid>("fault") { Description = "The fault's id." };
        var command = new Command("show", "One fault with its message and exception.") { id };
        runner.Attach(command, async (parsed, session, ct) =>
        {
            var answer = await session.Api.FaultAsync(parsed.GetValue(id), ct);
            if (session.Json) session.Out.Json(answer);
            else session.Out.Fault(answer.Deserialize(ApiJson.Default.FaultDetailsView)!);
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Settle(CommandRunner runner, string verb, string description, bool needsReason)
    {
        var id = new Argument<Guid?>("fault") { Description = "The fault's id; without it, a filter or --all.", Arity = ArgumentArity.ZeroOrOne };
        var filter = new FilterOptions();
        var all = new Option<bool>("--all") { Description = "Every open fault (of the filter, if there is one)." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Only say what would be done." };
        var reason = new Option<string?>("--reason", "-r") { Description = "Why; kept in the history.", Required = needsReason };
        var by = DecisionCommands.By();
        var command = new Command(verb, description) { id, filter.Deployment, filter.Endpoint, filter.Service, all, dryRun, reason, by };
        command.Validators.Add(result =>
        {
            var isOne = result.GetValue(id) is not null;
            var isMany = result.GetValue(all) || !filter.Read(result).IsEmpty;
            if (isOne == isMany) result.AddError("Name one fault, or say which: --deployment, --endpoint, --service or --all.");
            else if (isOne && result.GetValue(dryRun)) result.AddError("--dry-run is for many; 'bg faults show' shows one.");
        });
        runner.Attach(command, (parsed, session, ct) => parsed.GetValue(id) is { } one
            ? SettleOneAsync(session, verb, one, new DecisionBody(parsed.GetRequiredValue(by), parsed.GetValue(reason)), ct)
            : SettleManyAsync(
                session, verb, filter.Read(parsed.CommandResult).Bulk(
                    parsed.GetRequiredValue(by), parsed.GetValue(reason), parsed.GetValue(all), parsed.GetValue(dryRun)), ct));
        return command;
    }

    private static async Task<int> SettleOneAsync(Session session, string verb, Guid id, DecisionBody body, CancellationToken ct)
    {
        var answer = await session.Api.SettleFaultAsync(id, verb, body, ct);
        if (session.Json) session.Out.Json(answer);
        else session.Out.Line($"fault {id}: {(verb == "replay" ? "replayed" : "discarded")}");
        return ExitCode.Ok;
    }

    /// <summary>A refused one among many is an answer, and the exit code says that there was one.</summary>
    private static async Task<int> SettleManyAsync(Session session, string verb, BulkBody body, CancellationToken ct)
    {
        var answer = await session.Api.SettleFaultsAsync(verb, body, ct);
        var bulk = answer.Deserialize(ApiJson.Default.BulkView)!;
        if (session.Json) session.Out.Json(answer);
        else session.Out.Bulk(bulk, verb == "replay" ? "replayed" : "discarded");
        return bulk.Refused.Count == 0 ? ExitCode.Ok : ExitCode.Conflict;
    }

    private static BulkBody Bulk(this FaultFilter filter, string by, string? reason, bool all, bool dryRun) =>
        new(by, reason, filter.Deployment, filter.Endpoint, filter.Service, all, dryRun);

    private sealed class FilterOptions
    {
        public Option<Guid?> Deployment { get; } = new("--deployment", "-d") { Description = "Of this deployment." };
        public Option<string?> Endpoint { get; } = new("--endpoint", "-e") { Description = "Of this endpoint." };
        public Option<string?> Service { get; } = new("--service") { Description = "Given up by this service, e.g. prewarmer." };

        public FaultFilter Read(ParseResult parsed, string? state) =>
            new(parsed.GetValue(Deployment), parsed.GetValue(Endpoint), parsed.GetValue(Service), state);

        public FaultFilter Read(System.CommandLine.Parsing.SymbolResult result) =>
            new(result.GetValue(Deployment), result.GetValue(Endpoint), result.GetValue(Service), null);
    }
}
