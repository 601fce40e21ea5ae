using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using BlueGreen.Router.Drivers.Kubernetes.Api;

namespace BlueGreen.Router.Drivers.Tests.Kubernetes;

public sealed class ApiTests : IAsyncLifetime
{
    private static readonly KubernetesResource Services = KubernetesResource.Services(FakeCluster.Namespace);
    private ClusterExample _cluster = null!;
    private KubernetesApi _api = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _cluster = await ClusterExample.StartAsync();
        _cluster.PutService("fraud", new JsonObject { ["app"] = "fraud" });
        _api = _cluster.Api(_cluster.Settings("kubernetes-service"));
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task Patch_TheObjectWasChangedSince_IsAConflictAndChangesNothing()
    {
        var read = (await _api.FindAsync(Services, "fraud", Token))!;
        var newer = _cluster.Store.Change("services", "fraud", service => service["metadata"]!["labels"] = new JsonObject { ["team"] = "risk" });

        Assert.Null((await _api.PatchAsync(Services, read, Turn("x"), Token)).Object);
        Assert.True(JsonNode.DeepEquals(newer, _cluster.Store.Find("services", "fraud")));
        Assert.NotNull((await _api.PatchAsync(Services, newer, Turn("x"), Token)).Object);
    }

    [Fact]
    public async Task Patch_AFieldThatDoesNotExist_IsRefusedByName()
    {
        var read = (await _api.FindAsync(Services, "fraud", Token))!;
        var refused = await Assert.ThrowsAsync<KubernetesFailureException>(
            () => _api.PatchAsync(Services, read, new JsonObject { ["spec"] = new JsonObject { ["selectors"] = "x" } }, Token));
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Contains("unknown field \"spec.selectors\"", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Find_NotThere_IsNull() => Assert.Null(await _api.FindAsync(Services, "nobody", Token));

    [Fact]
    public async Task Find_ServerIsGone_IsAFailure()
    {
        await _cluster.Server.StopAsync();
        Assert.Null((await Assert.ThrowsAsync<KubernetesFailureException>(() => _api.FindAsync(Services, "fraud", Token))).Status);
    }

    [Theory]
    [InlineData("/api/v1/namespaces/ml/services/fraud", "application/json")]
    [InlineData("/api/v1/namespaces/ml/services/fraud", "application/json-patch+json")]
    [InlineData("/apis/gateway.networking.k8s.io/v1/namespaces/ml/httproutes/fraud", "application/strategic-merge-patch+json")]
    public async Task FakeServer_WrongContentType_IsRefused(string path, string type)
    {
        _cluster.Store.Put("httproutes", new JsonObject { ["metadata"] = new JsonObject { ["name"] = "fraud" }, ["spec"] = new JsonObject() });
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Patch, new Uri(_cluster.Server.Url, path))
        {
            Content = new StringContent("{}", Encoding.UTF8, new MediaTypeHeaderValue(type)),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", FakeCluster.Token);
        using var answer = await client.SendAsync(request, Token);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
    }

    private static JsonObject Turn(string to) => new() { ["spec"] = new JsonObject { ["selector"] = new JsonObject { ["app"] = to } } };
}
