using System.Text.Json.Nodes;
using BlueGreen.Bench.Webhooks.Traffic;
using BlueGreen.RegistryListener.Tests.Fixture;

namespace BlueGreen.RegistryListener.Tests.Sources;

/// <summary>One event in the several ways that its registry writes it.</summary>
public sealed class RenderingTests(ListenerHost host) : IClassFixture<ListenerHost>
{
    [Theory]
    [InlineData("team/model-registry/fraud:production-candidate", "wandb-artifact://_id/QXJ0aWZhY3Q6NTE3ODg5ODg3", "QXJ0aWZhY3Q6NTE3ODg5ODg3")]
    [InlineData("team/model-registry/fraud:production-candidate", "wandb-artifact://_id/QXJ0aWZhY3Q6NTE3ODg5ODg4Ng==", "QXJ0aWZhY3Q6NTE3ODg5ODg4Ng")]
    [InlineData("team/model-registry/fraud:v7", "wandb-artifact://_id/QXJ0aWZhY3Q6NTE3ODg5ODg3", "v7")]
    [InlineData("team/model-registry/fraud:v8", null, "v8")]
    [InlineData("team/model-registry/fraud:vice", "v9", "v9")]
    [InlineData("team/model-registry/fraud:v", "team/model-registry/fraud:v10", "v10")]
    [InlineData("team/model-registry/fraud:v1x", "11", "11")]
    public async Task Wandb_Alias_IsNeverTheVersion(string text, string? artifactVersion, string version)
    {
        var reply = await host.SendAsync("wandb", Wandb(text, artifactVersion));

        Assert.Equal((202, "fraud"), (reply.Status, reply.Json.GetProperty("endpoint").GetString()));
        var id = reply.Json.GetProperty("deploymentId").GetGuid();
        Assert.Equal(version, Assert.Single(await host.DeliveriesOfAsync("wandb"), row => row.DeploymentId == id).Version);
    }

    [Theory]
    [InlineData("team/model-registry/fraud:production-candidate", null)]
    [InlineData("team/model-registry/fraud:production-candidate", "team/model-registry/fraud:production-candidate")]
    [InlineData("team/model-registry/fraud", null)]
    [InlineData("${artifact_version_string}", "${artifact_version}")]
    public async Task Wandb_WithoutAnyVersion_IsRefusedByTheFieldsName(string text, string? artifactVersion)
    {
        var reply = await host.SendAsync("wandb", Wandb(text, artifactVersion));
        Assert.Equal((422, "artifact_version_string"), (reply.Status, reply.Field));
    }

    [Theory]
    [InlineData("wandb-alias-by-id.json", "QXJ0aWZhY3Q6NTE3ODg5ODg3")]
    [InlineData("wandb-alias-by-version.json", "v7")]
    public async Task Wandb_Payload_Promotes(string file, string version)
    {
        await host.SendAsync("wandb", await PayloadAsync(file));
        Assert.Contains(await host.DeliveriesOfAsync("wandb"), row => row.Version == version && row.DeploymentId is not null);
    }

    [Fact]
    public async Task SageMaker_MetadataOfAnApprovedPackage_PromotesNothing()
    {
        var reply = await host.SendAsync("sagemaker", await PayloadAsync("sagemaker-model-package-metadata.json"));
        Assert.Equal(200, reply.Status);
        Assert.Contains("only CustomerMetadataProperties", reply.Json.GetProperty("ignored").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(202)]
    [InlineData(200, "ModelLifeCycle", "CustomerMetadataProperties")]
    [InlineData(202, "CustomerMetadataProperties", "ModelApprovalStatus")]
    [InlineData(202, "ModelPackageStatus")]
    public async Task SageMaker_UpdatedFields_SayWhetherItIsTheApproval(int status, params string[] updated)
    {
        var body = SageMaker();
        body["detail"]!["UpdatedModelPackageFields"] = new JsonArray([.. updated.Select(field => (JsonNode)field)]);
        Assert.Equal(status, (await host.SendAsync("sagemaker", body)).Status);
    }

    [Fact]
    public async Task SageMaker_PackageWithADataSource_IsFetchedFromThere()
    {
        var body = SageMaker();
        body["detail"]!["InferenceSpecification"] = JsonNode.Parse(
            """{"Containers":[{"Image":"i","ModelDataSource":{"S3DataSource":{"S3Uri":"s3://models/fraud/9/model.tar.gz","S3DataType":"S3Object","CompressionType":"Gzip"}}}]}""");

        var reply = await host.SendAsync("sagemaker", body);

        Assert.Equal(202, reply.Status);
        var id = reply.Json.GetProperty("deploymentId").GetGuid();
        await Eventually.BecomesTrueAsync(() => host.Promotions.All.Any(promotion => promotion.DeploymentId == id));
        Assert.Equal("s3://models/fraud/9/model.tar.gz", host.Promotions.All.Single(promotion => promotion.DeploymentId == id).Artifact.Uri.OriginalString);
    }

    [Theory]
    [InlineData(202, true)]
    [InlineData(401, false)]
    public async Task HuggingFace_SecretInTheAddress_IsTheSecret(int status, bool isRight)
    {
        var (body, _) = Samples.Promotion("huggingface", "fraud", $"c0ffee{status}", "", TimeProvider.System.GetUtcNow());
        var secret = SentWebhook.SecretOf(isRight ? "huggingface" : "another");
        var webhook = Sending.Signed("huggingface", body) with { Headers = new Dictionary<string, string>(), Query = $"?secret={Uri.EscapeDataString(secret)}" };
        Assert.Equal(status, (await host.SendAsync(webhook)).Status);
    }

    private static JsonObject Wandb(string text, string? artifactVersion)
    {
        var body = new JsonObject
        {
            ["event_type"] = "ADD_ARTIFACT_ALIAS",
            ["artifact_version_string"] = text,
            ["artifact_collection_name"] = "fraud",
            ["alias"] = ListenerHost.Stage,
        };
        if (artifactVersion is not null) body["artifact_version"] = artifactVersion;
        return body;
    }

    /// <summary>An approval that nothing before or after it makes old news.</summary>
    private static JsonNode SageMaker()
    {
        var id = Guid.NewGuid().ToString();
        return Samples.Promotion("sagemaker", "fraud", $"1{id.Count(char.IsAsciiDigit)}{TimeProvider.System.GetTimestamp()}", id, TimeProvider.System.GetUtcNow()).Body;
    }

    private static async Task<JsonNode> PayloadAsync(string file) => JsonNode.Parse(
        await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Payloads", file), TestContext.Current.CancellationToken))!;
}
