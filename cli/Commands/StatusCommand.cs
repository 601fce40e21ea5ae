using System.CommandLine;
using System.Text.Json;
using BlueGreen.Cli.Api;

namespace BlueGreen.Cli.Commands;

internal static class StatusCommand
{
    private const int ShownDeployments = 10;

    public static Command Create(CommandRunner runner)
    {
        var target = new Argument<string?>("target")
        {
            Description = "An endpoint's name or a deployment's id; without it, all endpoints.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new Command("status", "Shows what serves and what is on its way.") { target };
        runner.Attach(command, (parsed, session, ct) => parsed.GetValue(target) switch
        {
            null => ShowEndpointsAsync(session, ct),
            var text when Guid.TryParse(text, out var id) => ShowDeploymentAsync(session, id, ct),
            var name => ShowEndpointAsync(session, name, ct),
        });
        return command;
    }

    private static async Task<int> ShowEndpointsAsync(Session session, CancellationToken ct)
    {
        var answer = await session.Api.EndpointsAsync(ct);
        if (session.Json) session.Out.Json(answer);
        else session.Out.Endpoints(answer.Deserialize(ApiJson.Default.EndpointViewArray)!);
        return ExitCode.Ok;
    }

    private static async Task<int> ShowEndpointAsync(Session session, string name, CancellationToken ct)
    {
        var answer = await session.Api.EndpointAsync(name, ct);
        if (session.Json)
        {
            session.Out.Json(answer);
            return ExitCode.Ok;
        }

        session.Out.Endpoints([answer.Deserialize(ApiJson.Default.EndpointView)!]);
        await ShowDriverAsync(session, name, ct);
        var deployments = await session.Api.DeploymentsAsync(name, ShownDeployments, ct);
        session.Out.Deployments(deployments.Deserialize(ApiJson.Default.DeploymentViewArray)!);
        return ExitCode.Ok;
    }

    /// <summary>The router has it, which need not be at this address, nor answer for what else is known to be shown.</summary>
    private static async Task ShowDriverAsync(Session session, string name, CancellationToken ct)
    {
        try
        {
            session.Out.Driver((await session.Api.DriverAsync(name, ct)).Deserialize(ApiJson.Default.RouteDriverView)!);
        }
        catch (CommandFailure)
        {
            // There is none, or nobody here who knows.
        }
    }

    private static async Task<int> ShowDeploymentAsync(Session session, Guid id, CancellationToken ct)
    {
        var answer = await session.Api.DeploymentAsync(id, ct);
        if (session.Json) session.Out.Json(answer);
        else session.Out.Deployment(answer.Deserialize(ApiJson.Default.DeploymentView)!);
        return ExitCode.Ok;
    }
}
