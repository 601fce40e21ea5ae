using System.Text.Json;
using BlueGreen.Demo.Hosting;
using BlueGreen.Demo.Stories;
using BlueGreen.Testing.Containers;

[assembly: AssemblyFixture(typeof(BlueGreen.Compose.Tests.ComposeStack))]

namespace BlueGreen.Compose.Tests;

/// <summary>What README tells of <c>docker compose up</c>, and what a crash of any of its containers does: nothing that lasts.</summary>
public sealed class ComposeTests(ComposeStack stack)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(12);

    [Fact]
    public async Task Stack_PromotesSurvivesTheDeathOfEveryContainerAndRollsBack()
    {
        ContainerEngine.Require();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        var ct = limit.Token;
        using var people = new Operator(stack);
        await people.AllReadyAsync(ct);
        await people.EndpointExistsAsync(ct);
        var (models, payload) = await ReadModelsAsync();
        await using var clients = new Clients(stack.Port(8080), payload);
        clients.Start();

        var first = await PromoteAsync(models[0], ct);
        Assert.Equal("Committed", await people.StateAsync(first, ["Committed"], ct));
        Assert.Equal(models[0].Version, await clients.AskAsync(ct));

        foreach (var away in new[] { "orchestrator", "registry-listener", "rollback", "prewarmer", "validator", "rabbitmq", "postgres" })
        {
            await stack.KillAsync(away);
            Assert.Equal(models[0].Version, await clients.AskAsync(ct));
            await stack.HealAsync();
        }

        foreach (var serving in new[] { "router", "env-manager" })
        {
            await stack.KillAsync(serving);
            await stack.HealAsync();
            await Operator.UntilAsync($"{serving} serves again", async () => await clients.AskAsync(ct) == models[0].Version, ct);
        }

        await people.AllReadyAsync(ct);
        var second = await PromoteAsync(models[1], ct);
        Assert.Equal("Baking", await people.StateAsync(second, ["Baking"], ct));
        Assert.Equal(models[1].Version, await clients.AskAsync(ct));
        await people.AlarmAsync(ct);
        Assert.Equal("RolledBack", await people.StateAsync(second, ["RolledBack"], ct));
        Assert.Equal(models[0].Version, await clients.AskAsync(ct));
    }

    private async Task<(IReadOnlyList<ModelRelease> Models, string Payload)> ReadModelsAsync()
    {
        var catalogue = JsonSerializer.Deserialize(await stack.ReadModelFileAsync("models.json"), ReleasesJson.Default.Catalogue)!;
        var live = await stack.ReadModelFileAsync(catalogue.Live.File);
        return (catalogue.Models, live.Split('\n')[0]);
    }

    private async Task<Guid> PromoteAsync(ModelRelease release, CancellationToken ct)
    {
        using var http = new HttpClient();
        var webhook = new SignedWebhook(http, stack.Port(8082), stack.WebhookSecret, TimeProvider.System);
        return await webhook.PromoteAsync(release, $"/models/{release.File}", ct);
    }
}
