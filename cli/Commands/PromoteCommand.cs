using System.CommandLine;
using System.Text.Json;
using BlueGreen.Cli.Api;

namespace BlueGreen.Cli.Commands;

internal static class PromoteCommand
{
    public static Command Create(CommandRunner runner)
    {
        var endpoint = new Option<string>("--endpoint", "-e") { Description = "The endpoint to deploy to.", Required = true };
        var model = new Option<string?>("--model", "-m") { Description = "Registered model name; default: the endpoint's." };
        var version = new Option<string>("--version", "-v") { Description = "Model version, e.g. v2.", Required = true };
        var artifact = new Option<string>("--artifact", "-a") { Description = "Address or path of the model's file.", Required = true };
        var sha256 = new Option<string?>("--sha256") { Description = "Digest of the artifact; computed for a local file." };
        var wait = new Option<bool>("--wait", "-w") { Description = "Follow the deployment to its end; exit 0 only if it commits." };
        var by = DecisionCommands.By();
        var command = new Command("promote", "Starts a deployment.") { endpoint, model, version, artifact, sha256, wait, by };
        runner.Attach(command, async (parsed, session, ct) =>
        {
            var name = parsed.GetRequiredValue(endpoint);
            var reference = await ArtifactArgument.ResolveAsync(parsed.GetRequiredValue(artifact), parsed.GetValue(sha256), ct);
            var promotion = new PromotionRequest(
                name, parsed.GetValue(model) ?? name, parsed.GetRequiredValue(version), reference, parsed.GetRequiredValue(by));
            var answer = await session.Api.PromoteAsync(promotion, ct);
            var id = answer.Deserialize(ApiJson.Default.DeploymentAccepted)!.Id;
            if (parsed.GetValue(wait))
            {
                await new DeploymentEvents(session.Api, session.Time).WaitForBirthAsync(id, ct);
                return await session.FollowAsync(id, eventsAsJson: false, ct);
            }

            if (session.Json) session.Out.Json(answer);
            else session.Out.Line($"deployment {id} accepted; 'bg watch {id}' follows it");
            return ExitCode.Ok;
        });
        return command;
    }
}
