using System.Text.Json.Nodes;
using BlueGreen.Contracts;
using BlueGreen.Router.Drivers.Tests.Fixture;
using BlueGreen.Router.Tests.Support;

namespace BlueGreen.Router.Drivers.Tests.Kubernetes;

/// <summary>A whole router in front of a Service.</summary>
public sealed class RouterOnKubernetesTests
{
    [Fact]
    public async Task Router_SomebodyTurnsTheSelector_RaisesItByTheWatchAlone()
    {
        await using var cluster = await ClusterExample.StartAsync();
        await using var router = await WatchingAsync(cluster);

        TurnTheSelector(cluster);

        await router.StandsAsync("Drifted");
        Assert.Equal(cluster.Blue.EnvironmentId.ToString(), Selected(cluster));
    }

    /// <summary>A router whose route is in force and that is told of changes; its polls are so far apart that none of them comes during the test.</summary>
    private static async Task<DrivenRouter> WatchingAsync(ClusterExample cluster)
    {
        cluster.PutService("fraud", new JsonObject { ["app"] = "fraud" });
        var settings = cluster.Settings("kubernetes-service");
        var driver = new TrafficDriver
        {
            Kind = "kubernetes-service",
            Settings = new Dictionary<string, string> { ["name"] = "fraud", ["selector"] = "app=fraud" },
        };
        var router = await DrivenRouter.StartAsync(
            driver, [("BlueGreen:Router:DriftInterval", "00:05:00")], [.. settings.Operator.Select(setting => (setting.Key, setting.Value))]);
        cluster.Server.Controllers.AreHeld = false;
        await SwitchAsync(cluster, router);
        await router.StandsAsync("InSync");
        await Eventually.TrueAsync(() => cluster.Server.Watching > 0);
        return router;
    }

    private static void TurnTheSelector(ClusterExample cluster) => cluster.Store.Change(
        "services", "fraud", service => service["spec"]!["selector"]!["bluegreen/environment"] = cluster.Blue.EnvironmentId.ToString());

    private static string? Selected(ClusterExample cluster) =>
        cluster.Store.Find("services", "fraud")!["spec"]!["selector"]!["bluegreen/environment"]?.ToString();

    /// <summary>The pods appear when the fleet's identifier is known.</summary>
    private static async Task SwitchAsync(ClusterExample cluster, DrivenRouter router)
    {
        var command = Commands.Switch(Guid.NewGuid(), 0, router.Green);
        cluster.Pods(RouteExamples.Target("v3") with { EnvironmentId = command.Fleet.EnvironmentId });
        await router.Router.PublishAsync(command);
        await router.Router.Spy.NextAsync<TrafficSwitched>(message => message.DeploymentId == command.DeploymentId);
    }
}
