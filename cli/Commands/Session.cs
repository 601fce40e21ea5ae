using System.Text.Json;
using BlueGreen.Cli.Api;
using BlueGreen.Cli.Output;

namespace BlueGreen.Cli.Commands;

/// <summary>What one invocation works with.</summary>
/// <param name="Api">The platform.</param>
/// <param name="Out">Where results go.</param>
/// <param name="Json">True: standard output carries JSON only.</param>
/// <param name="Time">The clock of reconnects.</param>
internal sealed record Session(PlatformClient Api, CliOutput Out, bool Json, TimeProvider Time)
{
    /// <summary>
    /// The deployment that the user means: an id, or an endpoint's name, which stands for its active deployment, else
    /// (<paramref name="orNewest"/>) for its newest one, else for the one that serves.
    /// </summary>
    public async Task<Guid> ResolveDeploymentAsync(string target, bool orNewest, CancellationToken ct)
    {
        if (Guid.TryParse(target, out var id)) return id;
        var endpoint = (await Api.EndpointAsync(target, ct)).Deserialize(ApiJson.Default.EndpointView)!;
        if (endpoint.ActiveDeployment is { } active) return active;
        if (orNewest && await NewestAsync(target, ct) is { } newest) return newest;
        return endpoint.Live?.DeploymentId ?? throw new CommandFailure(ExitCode.NotFound, new Problem
        {
            Title = "Nothing to act on.",
            Field = "target",
            Detail = $"Endpoint '{target}' has no deployment yet; 'bg promote --endpoint {target} …' starts one.",
        });
    }

    /// <summary>The deployment that the user means to decide about: an id, or an endpoint's name, which stands for its active deployment.</summary>
    public async Task<Guid> ResolveActiveAsync(string target, CancellationToken ct)
    {
        if (Guid.TryParse(target, out var id)) return id;
        var endpoint = (await Api.EndpointAsync(target, ct)).Deserialize(ApiJson.Default.EndpointView)!;
        return endpoint.ActiveDeployment ?? throw new CommandFailure(ExitCode.NotFound, new Problem
        {
            Title = "Nothing to decide.",
            Field = "target",
            Detail = $"Endpoint '{target}' has no deployment under way.",
        });
    }

    /// <summary>Shows every event until the deployment ends, then the deployment. The exit code is its ending.</summary>
    public async Task<int> FollowAsync(Guid id, bool eventsAsJson, CancellationToken ct)
    {
        await foreach (var item in new DeploymentEvents(Api, Time).FollowAsync(id, ct))
        {
            if (!Json) Out.Event(item.Deserialize(ApiJson.Default.DeploymentEvent)!);
            else if (eventsAsJson) Out.Json(item);
        }

        var document = await Api.DeploymentAsync(id, ct);
        var deployment = document.Deserialize(ApiJson.Default.DeploymentView)!;
        if (Json) Out.Json(document);
        else Out.Deployment(deployment);
        return deployment.Committed ? ExitCode.Ok : ExitCode.Refused;
    }

    private async Task<Guid?> NewestAsync(string endpoint, CancellationToken ct)
    {
        var deployments = (await Api.DeploymentsAsync(endpoint, 1, ct)).Deserialize(ApiJson.Default.DeploymentViewArray)!;
        return deployments.Length > 0 ? deployments[0].Id : null;
    }
}
