using System.CommandLine;
using System.Text.Json;
using BlueGreen.Cli.Api;

namespace BlueGreen.Cli.Commands;

/// <summary><c>bg deliveries</c>: what registries said and what became of it.</summary>
internal static class DeliveriesCommand
{
    public static Command Create(CommandRunner runner)
    {
        var source = new Option<string?>("--source") { Description = "Of one registry, e.g. mlflow." };
        var endpoint = new Option<string?>("--endpoint") { Description = "For one endpoint." };
        var model = new Option<string?>("--model") { Description = "About one model, by the registry's own name." };
        var outcome = new Option<string?>("--outcome") { Description = "accepted or ignored; default: both." };
        var limit = new Option<int>("--limit") { Description = "Most rows.", DefaultValueFactory = _ => 50 };
        var command = new Command("deliveries", "Events of registries, newest first, and why they were ignored.") { source, endpoint, model, outcome, limit };
        runner.Attach(command, async (parsed, session, ct) =>
        {
            var answer = await session.Api.DeliveriesAsync(
                parsed.GetValue(source), parsed.GetValue(endpoint), parsed.GetValue(model), parsed.GetValue(outcome), parsed.GetValue(limit), ct);
            if (session.Json) session.Out.Json(answer);
            else session.Out.Deliveries(answer.Deserialize(ApiJson.Default.DeliveryViewArray)!);
            return ExitCode.Ok;
        });
        return command;
    }
}
