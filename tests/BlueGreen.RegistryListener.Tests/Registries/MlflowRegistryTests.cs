using System.Text.Json.Nodes;
using BlueGreen.Contracts;
using BlueGreen.RegistryListener.Tests.Fixture;

namespace BlueGreen.RegistryListener.Tests.Registries;

public sealed class MlflowRegistryTests
{
    [Fact]
    public async Task Poll_FindsAnAliasWhoseWebhookWasLost_PromotesItOnce()
    {
        await using var server = await MlflowServer.StartAsync();
        server.Outage = 2;
        server.Aliases["fraud"] = new() { [ListenerHost.Stage] = "41", ["champion"] = "40" };
        await using var host = await StartAsync(server);

        await Eventually.BecomesTrueAsync(() => host.Promotions.All.Any(promotion => promotion.Version == "41"));
        server.Aliases["fraud"][ListenerHost.Stage] = "42";
        await Eventually.BecomesTrueAsync(() => host.Promotions.All.Any(promotion => promotion.Version == "42"));
        // Back to a version that was promoted before: that is a promotion too.
        server.Aliases["fraud"][ListenerHost.Stage] = "41";
        await Eventually.BecomesTrueAsync(() => host.Promotions.All.Count(promotion => promotion.Version == "41") == 2);

        Assert.Equal(["41", "42", "41"], host.Promotions.All.Select(promotion => promotion.Version));
        Assert.All(host.Promotions.All, promotion => Assert.Equal(("mlflow", "models:/fraud/" + promotion.Version), (promotion.Source, promotion.Artifact.Uri.OriginalString)));
    }

    [Fact]
    public async Task Poll_AfterTheWebhook_FindsNothingNew()
    {
        await using var server = await MlflowServer.StartAsync();
        await using var host = await StartAsync(server);
        Assert.Equal(202, (await host.SendAsync("mlflow", Alias("43"))).Status);
        server.Aliases["fraud"] = new() { [ListenerHost.Stage] = "43" };

        server.Aliases["marker"] = new() { [ListenerHost.Stage] = "1" };
        await host.ConfigureAsync("marker", ListenerHost.Stage, 1);
        await Eventually.BecomesTrueAsync(() => host.Promotions.All.Any(promotion => promotion.Endpoint == "marker"));

        Assert.Single(host.Promotions.All, promotion => promotion.Endpoint == "fraud");
    }

    [Fact]
    public async Task DeploymentEnds_OfAPromotionByMlflow_IsWrittenBackAsTagsAndAlias()
    {
        await using var server = await MlflowServer.StartAsync();
        await using var host = await StartAsync(server);
        var id = (await host.SendAsync("mlflow", Alias("44"))).Json.GetProperty("deploymentId").GetGuid();
        server.Outage = 1;

        await host.PublishAsync(new DeploymentCommitted { DeploymentId = id, Endpoint = "fraud", Model = "fraud", Version = "44" });

        await Eventually.BecomesTrueAsync(() => server.Aliases.TryGetValue("fraud", out var aliases) && aliases.GetValueOrDefault("live") == "44");
        Assert.Equal("committed", server.Tags["fraud/44/bluegreen.status"]);
        Assert.Equal(id.ToString(), server.Tags["fraud/44/bluegreen.deployment"]);
        await Eventually.BecomesTrueAsync(() => server.Outcomes.Any(outcome => outcome.GetProperty("status").GetString() == "committed"));
    }

    [Fact]
    public async Task DeploymentEnds_InAnyOtherWay_IsToldWithItsReason()
    {
        await using var server = await MlflowServer.StartAsync();
        await using var host = await StartAsync(server);
        (string Status, Func<Guid, object> Message)[] ends =
        [
            ("rolledback", id => new DeploymentRolledBack { DeploymentId = id, Endpoint = "fraud", Model = "fraud", Version = "1", Reason = "alarm" }),
            ("failed", id => new DeploymentFailed { DeploymentId = id, Endpoint = "fraud", Model = "fraud", Version = "1", Stage = "Warming", Reason = "slow" }),
            ("rejected", id => new DeploymentRefused { DeploymentId = id, Endpoint = "fraud", Model = "fraud", Version = "1", Reason = "busy" }),
            ("cancelled", id => new DeploymentCancelled { DeploymentId = id, Endpoint = "fraud", Model = "fraud", Version = "1", Reason = "asked" }),
            ("superseded", id => new DeploymentSuperseded { DeploymentId = id, Endpoint = "fraud", SupersededBy = Guid.NewGuid() }),
        ];
        for (var index = 0; index < ends.Length; index++)
        {
            var version = $"{50 + index}";
            var id = (await host.SendAsync("mlflow", Alias(version))).Json.GetProperty("deploymentId").GetGuid();
            await host.PublishAsync(ends[index].Message(id));
            await Eventually.BecomesTrueAsync(() => server.Tags.GetValueOrDefault($"fraud/{version}/bluegreen.status") == ends[index].Status);
        }

        await host.PublishAsync(new DeploymentCommitted { DeploymentId = Guid.NewGuid(), Endpoint = "fraud", Model = "fraud", Version = "operator's own" });
        Assert.DoesNotContain(server.Tags.Keys, key => key.Contains("operator's own", StringComparison.Ordinal));
    }

    private static JsonObject Alias(string version) => new()
    {
        ["entity"] = "model_version_alias",
        ["action"] = "created",
        ["timestamp"] = TimeProvider.System.GetUtcNow().ToString("O"),
        ["data"] = new JsonObject { ["name"] = "fraud", ["alias"] = ListenerHost.Stage, ["version"] = version },
    };

    private static async Task<ListenerHost> StartAsync(MlflowServer server)
    {
        var host = new ListenerHost
        {
            Settings = new()
            {
                ["BlueGreen:Mlflow:Url"] = server.Url,
                ["BlueGreen:Mlflow:Token"] = MlflowServer.Token,
                ["BlueGreen:RegistryListener:PollInterval"] = "00:00:01",
                ["BlueGreen:RegistryListener:Sources:mlflow:LiveAlias"] = "live",
                ["BlueGreen:RegistryListener:Sources:mlflow:OutcomeUrl"] = $"{server.Url}/outcomes",
            },
        };
        await host.InitializeAsync();
        return host;
    }
}
