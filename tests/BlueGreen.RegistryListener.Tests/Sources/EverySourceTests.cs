using System.Text;
using BlueGreen.Bench.Webhooks.Traffic;
using BlueGreen.RegistryListener.Tests.Fixture;

namespace BlueGreen.RegistryListener.Tests.Sources;

public sealed class EverySourceTests(ListenerHost host) : IClassFixture<ListenerHost>
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    public static TheoryData<string> Names => [.. Samples.Sources];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Promotion_OfASource_StartsOneDeploymentHoweverOftenItIsSent(string source)
    {
        var endpoint = $"once-{source}";
        await ConfigureAsync(endpoint);
        var (body, type) = Samples.Promotion(source, endpoint, "11", Guid.NewGuid().ToString(), Now);
        var webhook = Sending.Signed(source, body, type, "d-11-" + source);

        var first = await host.SendAsync(webhook);
        var again = await host.SendAsync(webhook);

        Assert.Equal((202, 202), (first.Status, again.Status));
        Assert.Equal(endpoint, first.Json.GetProperty("endpoint").GetString());
        Assert.False(first.Json.GetProperty("duplicate").GetBoolean());
        Assert.True(again.Json.GetProperty("duplicate").GetBoolean());
        var id = first.Json.GetProperty("deploymentId").GetGuid();
        Assert.Equal(id, again.Json.GetProperty("deploymentId").GetGuid());
        await Eventually.BecomesTrueAsync(() => host.Promotions.All.Any(promotion => promotion.DeploymentId == id));
        var heard = host.Promotions.All.Single(promotion => promotion.DeploymentId == id);
        Assert.Equal((source, endpoint, "11"), (heard.Source, heard.Model, heard.Version));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Promotion_OfAModelNobodyServes_ChangesNothing(string source)
    {
        var (body, type) = Samples.Promotion(source, "nobodys", "3", Guid.NewGuid().ToString(), Now);
        var reply = await host.SendAsync(source, body, type);

        if (source == "generic") Assert.Equal((422, "endpoint"), (reply.Status, reply.Field));
        else Assert.Contains("nobodys", Ignored(reply), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Promotion_Forged_IsRefusedAndLeavesNothing(string source)
    {
        var (body, type) = Samples.Promotion(source, "fraud", "666", Guid.NewGuid().ToString(), Now);
        var random = new Random(source.Length);
        var good = Sending.Signed(source, body, type);
        for (var attempt = 0; attempt < 40; attempt++)
        {
            var forged = source == "generic" ? good with { Body = [.. good.Body, 32] } : Forger.Forge(good, Now, random);
            var reply = await host.SendAsync(forged);
            Assert.Equal(401, reply.Status);
            Assert.NotNull(reply.Field);
        }

        Assert.DoesNotContain(await host.DeliveriesOfAsync(source), row => row.Version == "666");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task OtherEvent_OfASource_IsAnsweredWith2xxAndListed(string source)
    {
        foreach (var (body, type) in Samples.Others(source, "fraud", "12", Guid.NewGuid().ToString(), Now))
        {
            var reply = await host.SendAsync(source, body, type);
            Assert.InRange(reply.Status, 200, 202);
        }

        if (Samples.Others(source, "fraud", "12", "x", Now).Any())
            Assert.Contains(await host.DeliveriesOfAsync(source), row => row.IgnoredBecause is not null);
    }

    [Theory]
    [InlineData("mlflow")]
    [InlineData("databricks")]
    [InlineData("sagemaker")]
    [InlineData("vertex")]
    [InlineData("azureml")]
    [InlineData("cloudevents")]
    public async Task Promotion_OlderThanOneThatWasHeard_IsLate(string source)
    {
        var endpoint = $"late-{source}";
        await ConfigureAsync(endpoint);
        var (newer, type) = Samples.Promotion(source, endpoint, "8", Guid.NewGuid().ToString(), Now);
        var (older, _) = Samples.Promotion(source, endpoint, "7", Guid.NewGuid().ToString(), Now.AddMinutes(-1));

        Assert.Equal(202, (await host.SendAsync(source, newer, type)).Status);
        var late = await host.SendAsync(source, older, type);

        Assert.Contains("before the promotion of version 8", Ignored(late), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Body_ThatIsNoJson_Is400(string source)
    {
        var type = source == "cloudevents" ? "application/cloudevents+json" : "application/json";
        var webhook = SentWebhook.Signed(source, Encoding.UTF8.GetBytes("{"), TimeProvider.System.GetUtcNow(), type,
            secret: source == "generic" ? ListenerHost.Secret : null);
        var reply = await host.SendAsync(webhook);
        Assert.Equal((400, "body"), (reply.Status, reply.Field));
    }

    private static string Ignored(Reply reply)
    {
        Assert.Equal(200, reply.Status);
        return reply.Json.GetProperty("ignored").GetString()!;
    }

    private async Task ConfigureAsync(string endpoint)
    {
        await host.ConfigureAsync(endpoint, ListenerHost.Stage, 1);
        await Eventually.BecomesTrueAsync(async () => await host.StageOfAsync(endpoint) == ListenerHost.Stage);
    }
}
