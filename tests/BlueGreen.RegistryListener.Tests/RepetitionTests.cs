using System.Text.Json.Nodes;
using BlueGreen.Bench.Webhooks.Traffic;
using BlueGreen.Contracts;
using BlueGreen.RegistryListener.Tests.Fixture;

namespace BlueGreen.RegistryListener.Tests;

/// <summary>Registries that send neither an id nor a time: the same words may be the same event again, or another one.</summary>
public sealed class RepetitionTests
{
    [Theory]
    [InlineData("wandb")]
    [InlineData("huggingface")]
    public async Task Mark_BackAtAVersion_IsAPromotionOfItsOwn(string source)
    {
        await using var host = await StartAsync(window: "00:00:00");
        var (seven, eight) = (Body(source, "7"), Body(source, "8"));

        var first = Id(await host.SendAsync(source, seven));
        var second = Id(await host.SendAsync(source, eight));
        var third = Id(await host.SendAsync(source, seven));
        var again = await host.SendAsync(source, seven);
        var fourth = Id(await host.SendAsync(source, eight));

        Assert.Equal(4, new[] { first, second, third, fourth }.Distinct().Count());
        Assert.Equal((third, true), (Id(again), again.Json.GetProperty("duplicate").GetBoolean()));
        await Eventually.BecomesTrueAsync(() => host.Promotions.All.Count >= 4);
        Assert.Equal(["7", "7", "8", "8"], host.Promotions.All.Select(promotion => promotion.Version).Order());
        // Each of them is known by its deployment, so that its end can be reported.
        var rows = await host.DeliveriesOfAsync(source);
        Assert.Equal(new[] { first, second, third, fourth }.Order(), rows.Select(row => row.DeploymentId!.Value).Order());
    }

    [Fact]
    public async Task SameBody_SoonAfter_IsARepetitionEvenOfAnOlderPromotion()
    {
        await using var host = await StartAsync(window: "00:10:00");
        var first = Id(await host.SendAsync("wandb", Body("wandb", "7")));
        await host.SendAsync("wandb", Body("wandb", "8"));

        var late = await host.SendAsync("wandb", Body("wandb", "7"));

        Assert.Equal((first, true), (Id(late), late.Json.GetProperty("duplicate").GetBoolean()));
    }

    [Fact]
    public async Task SameBody_OfTheLatestPromotion_StartsNothingHoweverLate()
    {
        await using var host = await StartAsync(window: "00:00:00");
        var first = Id(await host.SendAsync("wandb", Body("wandb", "7")));
        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => host.SendAsync("wandb", Body("wandb", "7"))));
        Assert.All(replies, reply => Assert.Equal((first, true), (Id(reply), reply.Json.GetProperty("duplicate").GetBoolean())));
    }

    [Theory]
    [InlineData("wandb")]
    [InlineData("mlflow")]
    public async Task Ignored_ForWantOfAnEndpoint_IsAcceptedOnceThePolicyIsMended(string source)
    {
        await using var host = await StartAsync(window: "00:10:00");
        var (body, _) = Samples.Promotion(source, "late-comer", "7", "", TimeProvider.System.GetUtcNow());
        var webhook = Sending.Signed(source, body);
        Assert.Contains("late-comer", (await host.SendAsync(webhook)).Json.GetProperty("ignored").GetString(), StringComparison.Ordinal);
        Assert.Contains("late-comer", (await host.SendAsync(webhook)).Json.GetProperty("ignored").GetString(), StringComparison.Ordinal);
        await ConfigureAsync(host, "mended", new RegistryRule { Source = source, Model = "late-comer" });

        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => host.SendAsync(webhook)));

        Assert.All(replies, reply => Assert.Equal(202, reply.Status));
        Assert.Single(replies, reply => !reply.Json.GetProperty("duplicate").GetBoolean());
        Assert.Single(replies.Select(Id).Distinct());
        Assert.Single(await host.DeliveriesOfAsync(source));
    }

    [Fact]
    public async Task OneModelForTwoEndpoints_BackAtAVersion_PromotesBothAgain()
    {
        await using var host = await StartAsync(window: "00:00:00");
        await ConfigureAsync(host, "two-b", new RegistryRule { Source = "wandb", Model = "shared" });
        await host.SendAsync("wandb", Body("wandb", "7", "shared"));
        await ConfigureAsync(host, "two-a", new RegistryRule { Source = "wandb", Model = "shared" });
        foreach (var version in (string[])["8", "7", "7", "8"]) Assert.Equal(202, (await host.SendAsync("wandb", Body("wandb", version, "shared"))).Status);

        await Eventually.BecomesTrueAsync(() => host.Promotions.All.Count >= 7);
        Assert.Equal(["7", "8", "8"], VersionsOf("two-a"));
        Assert.Equal(["7", "7", "8", "8"], VersionsOf("two-b"));

        IEnumerable<string> VersionsOf(string endpoint) =>
            host.Promotions.All.Where(promotion => promotion.Endpoint == endpoint).Select(promotion => promotion.Version).Order();
    }

    private static JsonNode Body(string source, string version, string model = "fraud") =>
        Samples.Promotion(source, model, version, "", TimeProvider.System.GetUtcNow()).Body;

    private static Guid Id(Reply reply)
    {
        Assert.Equal(202, reply.Status);
        return reply.Json.GetProperty("deploymentId").GetGuid();
    }

    private static async Task ConfigureAsync(ListenerHost host, string endpoint, params RegistryRule[] rules)
    {
        await host.ConfigureAsync(endpoint, ListenerHost.Stage, 1, rules);
        await Eventually.BecomesTrueAsync(async () => await host.StageOfAsync(endpoint) == ListenerHost.Stage);
    }

    private static async Task<ListenerHost> StartAsync(string window)
    {
        var host = new ListenerHost { Settings = new() { ["BlueGreen:RegistryListener:SameBodyWindow"] = window } };
        await host.InitializeAsync();
        return host;
    }
}
