using System.CommandLine;
using System.Text.Json;
using BlueGreen.Cli.Api;
using BlueGreen.Cli.Policies;

namespace BlueGreen.Cli.Commands;

internal static class PolicyCommand
{
    public static Command Create(CommandRunner runner) => new("policy", "Works on endpoints' policies.")
    {
        Create(runner, "apply", "Stores a policy and the files it names; the endpoint follows it from its next deployment on.", dryRun: false),
        Create(runner, "validate", "Has the platform check a policy; stores no policy.", dryRun: true),
    };

    private static Command Create(CommandRunner runner, string verb, string description, bool dryRun)
    {
        var file = new Argument<string>("file") { Description = "The policy, YAML or JSON." };
        var command = new Command(verb, description) { file };
        runner.Attach(command, async (parsed, session, ct) =>
        {
            var policy = await PolicyFile.LoadAsync(parsed.GetRequiredValue(file), ct);
            foreach (var blob in policy.Blobs) await session.Api.PutBlobAsync(blob.Sha256, blob.Name, blob.Content, ct);
            var answer = await session.Api.PutPolicyAsync(policy.Endpoint, policy.Text, dryRun, ct);
            if (session.Json) session.Out.Json(answer);
            else session.Out.Line(Describe(answer.Deserialize(ApiJson.Default.EndpointView)!, policy, dryRun));
            return ExitCode.Ok;
        });
        return command;
    }

    private static string Describe(EndpointView stored, PolicyFile policy, bool dryRun) => dryRun
        ? $"{policy.Endpoint}: valid"
        : $"{policy.Endpoint}: revision {stored.Revision} stored ({stored.PolicyHash}), {policy.Blobs.Count} file(s) uploaded";
}
