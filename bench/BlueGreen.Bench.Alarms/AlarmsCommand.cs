using System.CommandLine;
using System.Text.Json;

namespace BlueGreen.Bench.Alarms;

/// <summary><c>alarms [--payloads N] [--seed S] [--json]</c>.</summary>
internal static class AlarmsCommand
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static RootCommand Create()
    {
        var payloads = new Option<long>("--payloads") { Description = "Mutated payloads to send.", DefaultValueFactory = _ => 1_000_000 };
        var seed = new Option<int>("--seed") { Description = "Reproduces the payloads.", DefaultValueFactory = _ => 1 };
        var workers = new Option<int>("--workers") { Description = "Requests at a time.", DefaultValueFactory = _ => 16 };
        var json = new Option<bool>("--json") { Description = "Nothing but the JSON object." };
        var command = new RootCommand("Mutated alarms of every source against the rollback service.") { payloads, seed, workers, json };
        command.SetAction(async (parsed, ct) =>
        {
            Action<string> say = parsed.GetValue(json) ? _ => { } : Console.Error.WriteLine;
            await using var target = await AlarmTarget.StartAsync(ct);
            var report = await target.RunAsync(parsed.GetValue(payloads), parsed.GetValue(seed), parsed.GetValue(workers), say, ct);
            Console.WriteLine(JsonSerializer.Serialize(report, Json));
            return report is { Unhandled: 0, Status5xx: 0, ForgedAccepted: 0 } ? 0 : 1;
        });
        return command;
    }
}
