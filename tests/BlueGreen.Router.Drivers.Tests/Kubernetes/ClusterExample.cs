using System.Text.Json.Nodes;
using BlueGreen.Router.Drivers.Kubernetes.Api;
using BlueGreen.Router.Routing;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlueGreen.Router.Drivers.Tests.Kubernetes;

/// <summary>A cluster with the pods and objects of one endpoint, and what the router's operator has configured of it.</summary>
internal sealed class ClusterExample : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("bluegreen-kubernetes").FullName;

    private ClusterExample(FakeCluster server) => Server = server;

    public FakeCluster Server { get; }
    public FakeStore Store => Server.Store;
    public KubernetesClients Clients { get; } = new(TimeProvider.System);
    public RouteTarget Blue { get; } = RouteExamples.Target("v1");
    public RouteTarget Green { get; } = RouteExamples.Target("v2");

    public static async Task<ClusterExample> StartAsync()
    {
        var example = new ClusterExample(await FakeCluster.StartAsync());
        await File.WriteAllTextAsync(example.TokenFile, FakeCluster.Token, TestContext.Current.CancellationToken);
        example.Pods(example.Blue);
        example.Pods(example.Green);
        return example;
    }

    public async ValueTask DisposeAsync()
    {
        Clients.Dispose();
        await Server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    public DriverSettings Settings(string kind, params (string Name, string Value)[] owner) => new()
    {
        Kind = kind,
        Target = kind,
        Owner = owner.ToDictionary(setting => setting.Name, setting => setting.Value),
        Operator = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["server"] = Server.Url.ToString(),
            ["tokenFile"] = TokenFile,
            ["namespaces"] = FakeCluster.Namespace,
            ["retryDelay"] = "00:00:00.050",
            ["convergence"] = "00:00:20",
        },
    };

    public KubernetesApi Api(DriverSettings settings) => Clients.Of(KubernetesTarget.Of(settings));

    public KubernetesFollower Follower(DriverSettings settings) =>
        new(Api(settings), TimeSpan.FromMilliseconds(50), TimeProvider.System, NullLogger.Instance);

    /// <summary>Two ready pods and, behind it, a Service with its endpoints.</summary>
    public void Pods(RouteTarget target)
    {
        var id = target.EnvironmentId.ToString("D");
        foreach (var index in new[] { 0, 1 })
        {
            Store.Put("pods", new JsonObject
            {
                ["metadata"] = new JsonObject
                {
                    ["name"] = $"{target.Version}-{index}",
                    ["uid"] = $"uid-{target.Version}-{index}",
                    ["labels"] = new JsonObject { ["app"] = "fraud", ["bluegreen/environment"] = id },
                },
                ["status"] = new JsonObject
                {
                    ["podIP"] = $"10.0.{target.Version[1..]}.{index}",
                    ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Ready", ["status"] = "True" }),
                },
            });
        }

        PutService($"fraud-{id}", new JsonObject { ["bluegreen/environment"] = id });
    }

    public void PutService(string name, JsonObject selector)
    {
        Store.Put("services", new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = name },
            ["spec"] = new JsonObject { ["selector"] = selector, ["ports"] = new JsonArray(new JsonObject { ["port"] = 80 }) },
        });
        Server.Controllers.Run();
    }

    public void NoneReady(RouteTarget target)
    {
        foreach (var index in new[] { 0, 1 })
            Store.Change("pods", $"{target.Version}-{index}", pod => pod["status"]!["conditions"]![0]!["status"] = "False");
        Server.Controllers.Run();
    }

    private string TokenFile => Path.Combine(_folder, "token");
}
