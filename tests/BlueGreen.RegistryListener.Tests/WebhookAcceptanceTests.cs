using BlueGreen.RegistryListener.Tests.Fixture;

namespace BlueGreen.RegistryListener.Tests;

public sealed class WebhookAcceptanceTests(ListenerHost host) : IClassFixture<ListenerHost>
{
    private Task<Reply> SendAsync(Webhook webhook) => Reply.FromAsync(host.Client, webhook.ToRequest());

    [Fact]
    public async Task Promotion_Signed_StartsADeploymentThatTheBusHearsOf()
    {
        var before = TimeProvider.System.GetUtcNow();
        var reply = await SendAsync(new Webhook());

        Assert.Equal(202, reply.Status);
        Assert.False(reply.Json.GetProperty("duplicate").GetBoolean());
        Assert.Equal("fraud", reply.Json.GetProperty("endpoint").GetString());
        var id = reply.Json.GetProperty("deploymentId").GetGuid();
        await Eventually.BecomesTrueAsync(() => host.Promotions.All.Any(promotion => promotion.DeploymentId == id));
        var promoted = host.Promotions.All.Single(promotion => promotion.DeploymentId == id);
        Assert.Equal(("fraud", "fraud", "7", "generic", "ada@example.com"),
            (promoted.Endpoint, promoted.Model, promoted.Version, promoted.Source, promoted.PromotedBy));
        Assert.Equal(new Uri("https://registry.example/fraud-7.zip"), promoted.Artifact.Uri);
        Assert.Equal(new string('a', 64), promoted.Artifact.Sha256);
        Assert.InRange(promoted.PromotedAt, before, TimeProvider.System.GetUtcNow());
    }

    [Fact]
    public async Task Delivery_Repeated_GetsTheSameDeploymentAndStartsNothing()
    {
        var webhook = new Webhook();
        var first = await SendAsync(webhook);
        var again = await SendAsync(webhook);

        Assert.Equal(202, again.Status);
        Assert.True(again.Json.GetProperty("duplicate").GetBoolean());
        var id = first.Json.GetProperty("deploymentId").GetGuid();
        Assert.Equal(id, again.Json.GetProperty("deploymentId").GetGuid());
        // What is sent after it is heard after it: by then a second message of the first would have been heard.
        var later = (await SendAsync(new Webhook())).Json.GetProperty("deploymentId").GetGuid();
        await Eventually.BecomesTrueAsync(() => host.Promotions.All.Any(promotion => promotion.DeploymentId == later));
        Assert.Single(host.Promotions.All, promotion => promotion.DeploymentId == id);
    }

    [Fact]
    public async Task Delivery_ManyTimesAtOnce_StartsOneDeployment()
    {
        var webhook = new Webhook();
        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => SendAsync(webhook)));

        Assert.All(replies, reply => Assert.Equal(202, reply.Status));
        Assert.Single(replies, reply => !reply.Json.GetProperty("duplicate").GetBoolean());
        Assert.Single(replies.Select(reply => reply.Json.GetProperty("deploymentId").GetGuid()).Distinct());
    }

    [Fact]
    public async Task Delivery_WithTheSameIdAndAnotherBody_IsAConflict()
    {
        var webhook = new Webhook();
        await SendAsync(webhook);
        var other = Webhook.Promotion();
        other["version"] = "8";

        var reply = await SendAsync(Webhook.Of(other) with { Delivery = webhook.Delivery });

        Assert.Equal(409, reply.Status);
    }

    [Fact]
    public async Task Promotion_OfAnotherStage_IsIgnoredWithTheReasonAndRemembered()
    {
        var webhook = Webhook.Of(Webhook.Promotion("staging"));
        var first = await SendAsync(webhook);
        var deliveries = await host.DeliveriesAsync();
        var again = await SendAsync(webhook);

        Assert.Equal(200, first.Status);
        Assert.Contains("staging", first.Json.GetProperty("ignored").GetString(), StringComparison.Ordinal);
        Assert.Equal(first.Json.GetProperty("ignored").GetString(), again.Json.GetProperty("ignored").GetString());
        Assert.True(deliveries > 0);
    }

    [Fact]
    public async Task Endpoint_ConfiguredLate_IsThenKnownAndOlderRevisionsAreNot()
    {
        var promotion = Webhook.Promotion("release");
        promotion["endpoint"] = "late";
        var webhook = Webhook.Of(promotion);
        var early = await SendAsync(webhook);
        await host.ConfigureAsync("late", "release", 5);
        await Eventually.BecomesTrueAsync(async () => await host.StageOfAsync("late") == "release");
        await host.ConfigureAsync("late", "older", 4);
        await host.ConfigureAsync("marker", "x", 1);
        await Eventually.BecomesTrueAsync(async () => await host.StageOfAsync("marker") == "x");

        Assert.Equal((422, "endpoint"), (early.Status, early.Field));
        Assert.Equal("release", await host.StageOfAsync("late"));
        // The refusal changed nothing, so the very same delivery is good now.
        Assert.Equal(202, (await SendAsync(webhook)).Status);
    }
}
