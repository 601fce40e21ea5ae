using System.CommandLine;
using System.Text.Json;

namespace BlueGreen.Cli.Commands;

/// <summary><c>bg captures ENDPOINT</c>: live requests that the router kept, as a payload file.</summary>
internal static class CapturesCommand
{
    private const int Default = 1000;

    public static Command Create(CommandRunner runner)
    {
        var endpoint = new Argument<string>("endpoint") { Description = "The endpoint's name." };
        var environment = new Option<Guid?>("--environment") { Description = "Only what this environment answered, e.g. a quarantined one." };
        var count = new Option<int>("--count") { Description = "Most requests, newest first.", DefaultValueFactory = _ => Default };
        var purpose = new Option<string>("--reason") { Description = "What they are read for: it stands in the history.", Required = true };
        var by = new Option<string>("--by") { Description = "Who reads them.", DefaultValueFactory = _ => Environment.UserName };
        var command = new Command("captures", "Live requests that were kept, one per line; with --json, all that is known of them.")
        {
            endpoint, environment, count, purpose, by,
        };
        runner.Attach(command, async (parsed, session, ct) =>
        {
            var only = parsed.GetValue(environment) is { } id ? $"&environment={id}" : "";
            var answer = await session.Api.GetAsync(
                $"routes/{Uri.EscapeDataString(parsed.GetRequiredValue(endpoint))}/captures?count={parsed.GetValue(count)}{only}"
                + $"&purpose={Uri.EscapeDataString(parsed.GetRequiredValue(purpose))}&readBy={Uri.EscapeDataString(parsed.GetRequiredValue(by))}", ct);
            if (session.Json) session.Out.Json(answer);
            else
                foreach (var capture in answer.EnumerateArray()) session.Out.Line(PayloadLine(capture));
            return ExitCode.Ok;
        });
        return command;
    }

    /// <summary>As a payload file has it: text that is no JSON stands there as a JSON string.</summary>
    private static string PayloadLine(JsonElement capture)
    {
        var request = capture.GetProperty("request").GetString()!;
        return capture.GetProperty("mediaType").GetString() == "text/csv"
            ? $"\"{JsonEncodedText.Encode(request)}\""
            : request.ReplaceLineEndings(" ");
    }
}
