using BlueGreen.Contracts;

namespace BlueGreen.Orchestrator.Tests.Deployments.Fixture;

/// <summary>Takes a deployment to where the story begins.</summary>
internal static class Storyteller
{
    /// <summary>Provisioned, warmed and judged good.</summary>
    public static async Task UntilValidatedAsync(this SagaHost host, Guid id)
    {
        await host.PublishAsync((await host.UntilSaidAsync<ProvisionEnvironment>(id)).Done());
        await host.PublishAsync((await host.UntilSaidAsync<WarmEnvironment>(id)).Done());
        await host.PublishAsync((await host.UntilSaidAsync<ValidateEnvironment>(id)).Done());
    }

    public static async Task<BeginBaking> UntilBakingAsync(this SagaHost host, Guid id)
    {
        await host.UntilValidatedAsync(id);
        await host.PublishAsync((await host.UntilSaidAsync<SwitchTraffic>(id)).Done());
        await host.UntilStateAsync(id, "Baking");
        return await host.UntilSaidAsync<BeginBaking>(id);
    }

    public static async Task<Guid> CommitFirstAsync(this SagaHost host)
    {
        var id = await host.PromoteAsync("v1");
        await host.PublishAsync((await host.UntilBakingAsync(id)).Done());
        await host.PublishAsync((await host.UntilSaidAsync<ReleaseStandby>(id)).Done());
        await host.UntilStateAsync(id, "Committed");
        return id;
    }
}
