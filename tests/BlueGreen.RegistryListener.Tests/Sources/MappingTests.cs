using System.Text.Json.Nodes;
using BlueGreen.Bench.Webhooks.Traffic;
using BlueGreen.Contracts;
using BlueGreen.RegistryListener.Tests.Fixture;

namespace BlueGreen.RegistryListener.Tests.Sources;

public sealed class MappingTests(ListenerHost host) : IClassFixture<ListenerHost>
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    [Fact]
    public async Task Policy_NamesModelMarkAndArtifact_ThenOnlyThatMarkPromotes()
    {
        await ConfigureAsync("risk", new RegistryRule { Source = "mlflow", Model = "risk model/eu", On = ["alias:champion"], Artifact = "s3://models/{model}/{version}.zip" });

        var candidate = await host.SendAsync("mlflow", Alias("risk model/eu", Samples.Stage, "4"));
        var champion = await host.SendAsync("mlflow", Alias("risk model/eu", "champion", "4"));

        Assert.Contains("'alias:champion'", candidate.Json.GetProperty("ignored").GetString(), StringComparison.Ordinal);
        Assert.Equal((202, "risk"), (champion.Status, champion.Json.GetProperty("endpoint").GetString()));
        var heard = await HeardAsync(champion.Json.GetProperty("deploymentId").GetGuid());
        Assert.Equal(("risk-model-eu", "s3://models/risk%20model%2Feu/4.zip", ""), (heard.Model, heard.Artifact.Uri.OriginalString, heard.Artifact.Sha256));
    }

    [Fact]
    public async Task Options_NameTheEndpointOfAModel_ThenThePromotionIsForIt()
    {
        var reply = await host.SendAsync("mlflow", Alias("mapped-by-options", ListenerHost.Stage, "5"));
        Assert.Equal((202, "fraud"), (reply.Status, reply.Json.GetProperty("endpoint").GetString()));
    }

    [Fact]
    public async Task OneModel_ForTwoEndpoints_StartsADeploymentOfEach()
    {
        await ConfigureAsync("two-a", new RegistryRule { Source = "mlflow", Model = "shared" });
        await ConfigureAsync("two-b", new RegistryRule { Source = "mlflow", Model = "shared" });

        var webhook = Sending.Signed("mlflow", Alias("shared", ListenerHost.Stage, "9"));
        await host.SendAsync(webhook);
        await host.SendAsync(webhook);

        var rows = (await host.DeliveriesOfAsync("mlflow")).Where(row => row.Model == "shared").ToList();
        Assert.Equal(["two-a", "two-b"], rows.Select(row => row.Endpoint).Order());
        Assert.All(rows, row => Assert.NotNull(row.DeploymentId));
    }

    [Fact]
    public async Task SageMaker_TellsOfOneChangeTwice_StartsOneDeployment()
    {
        await ConfigureAsync("told-twice");
        var (first, _) = Samples.Promotion("sagemaker", "told-twice", "2", Guid.NewGuid().ToString(), Now);
        var (again, _) = Samples.Promotion("sagemaker", "told-twice", "2", Guid.NewGuid().ToString(), Now.AddSeconds(2));
        var (later, _) = Samples.Promotion("sagemaker", "told-twice", "2", Guid.NewGuid().ToString(), Now.AddMinutes(6));

        Assert.Equal(202, (await host.SendAsync("sagemaker", first)).Status);
        Assert.Contains("told again", (await host.SendAsync("sagemaker", again)).Json.GetProperty("ignored").GetString(), StringComparison.Ordinal);
        Assert.Equal(202, (await host.SendAsync("sagemaker", later)).Status);
    }

    [Fact]
    public async Task OwnFormat_WithPointersAndAToken_IsReadByThem()
    {
        var body = new JsonObject
        {
            ["subject"] = new JsonObject { ["model/name"] = "fraud", ["versions"] = new JsonArray(31), ["file"] = "https://jfrog.example/fraud-31.zip" },
            ["to"] = ListenerHost.Stage,
        };
        var webhook = Sending.Signed("elsewhere", body) with
        {
            Headers = new Dictionary<string, string> { ["X-Api-Key"] = SentWebhook.SecretOf("elsewhere") },
        };

        var reply = await host.SendAsync(webhook);
        Assert.Equal((202, "fraud"), (reply.Status, reply.Json.GetProperty("endpoint").GetString()));
        Assert.Equal("31", (await HeardAsync(reply.Json.GetProperty("deploymentId").GetGuid())).Version);
        Assert.Equal(401, (await host.SendAsync(webhook with { Headers = new Dictionary<string, string> { ["X-Api-Key"] = "no" } })).Status);
    }

    [Fact]
    public async Task Deliveries_AreListedWithTheirReasons()
    {
        await host.SendAsync("mlflow", Alias("listed", "whatever", "1"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/v1/deliveries?source=mlflow&outcome=ignored&model=listed");
        request.Headers.Authorization = new("Bearer", "a-token-for-tests-only");

        var reply = await Reply.FromAsync(host.Client, request);

        var row = Assert.Single(reply.Json.EnumerateArray());
        Assert.Contains("listed", row.GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    private static JsonObject Alias(string model, string alias, string version) => new()
    {
        ["entity"] = "model_version_alias",
        ["action"] = "created",
        ["timestamp"] = TimeProvider.System.GetUtcNow().ToString("O"),
        ["data"] = new JsonObject { ["name"] = model, ["alias"] = alias, ["version"] = version },
    };

    private async Task<ModelPromoted> HeardAsync(Guid id)
    {
        await Eventually.BecomesTrueAsync(() => host.Promotions.All.Any(promotion => promotion.DeploymentId == id));
        return host.Promotions.All.Single(promotion => promotion.DeploymentId == id);
    }

    private async Task ConfigureAsync(string endpoint, params RegistryRule[] rules)
    {
        await host.ConfigureAsync(endpoint, ListenerHost.Stage, 1, rules);
        await Eventually.BecomesTrueAsync(async () => await host.StageOfAsync(endpoint) == ListenerHost.Stage);
    }
}
