using BlueGreen.Router.Drivers.HaProxy;

namespace BlueGreen.Router.Drivers.Tests;

/// <summary>What HAProxy's map and its file have after switches, of the endpoint and of others.</summary>
public sealed partial class HaProxyTests
{
    /// <summary>Two endpoints of two router replicas in one map: neither undoes the other's switch, nor fails for it.</summary>
    [Fact]
    public async Task Switching_TwoEndpointsOfOneMapAtOnce_BothStayWhereTheyWerePut()
    {
        await RunAsync("fraud fraud-blue\nchurn churn-blue\n");
        var first = Task.Run(() => BackAndForthAsync("fraud"), Ct);
        var second = Task.Run(() => BackAndForthAsync("churn"), Ct);

        Assert.Empty((await Task.WhenAll(first, second)).SelectMany(problems => problems));

        var map = await Runtime.MapAsync(Map, Ct);
        Assert.Equal(4, map.Count);
        Assert.Equal(map.Select(entry => $"{entry.Key} {entry.Value}"), await File.ReadAllLinesAsync(Map, Ct));
    }

    /// <summary>More than one command of the runtime API can carry.</summary>
    [Fact]
    public async Task Switching_InAMapOfManyEndpoints_ChangesItsEntryAndNoOther()
    {
        var others = Enumerable.Range(0, 300).Select(number => $"other-{number:000} {new string('x', 100)}").ToArray();
        await RunAsync($"fraud fraud-blue\n{string.Join('\n', others)}\n");
        var (driver, blue) = (new HaProxyDriver(), RouteExamples.Target("v1", "127.0.0.1:7001", "127.0.0.1:7002"));

        Assert.Equal((null, DriverStanding.InSync), await driver.SwitchAsync(RouteOf("fraud", blue, 1)));
        Assert.Equal((null, DriverStanding.InSync), await driver.SwitchAsync(RouteOf("fraud", RouteExamples.Target("v2", "127.0.0.1:7003"), 2)));

        Assert.Equal(302, (await Runtime.MapAsync(Map, Ct)).Count);
        Assert.Equal(others, (await File.ReadAllLinesAsync(Map, Ct)).Where(line => line.StartsWith("other-", StringComparison.Ordinal)));
    }

    /// <summary>What a reload would undo is not done.</summary>
    [Fact]
    public async Task Switching_TheMapsFileCannotBeWritten_FailsBeforeTheMapIsChanged()
    {
        await RunAsync("fraud fraud-blue\n");
        var route = RouteOf("fraud", RouteExamples.Target("v1", "127.0.0.1:7001"), 1);
        var blind = route with
        {
            Settings = route.Settings with { Operator = new Dictionary<string, string>(route.Settings.Operator) { ["mapFile"] = Path.Combine(_folder.Path, "none", "live.map") } },
        };

        var (failure, standing) = await new HaProxyDriver().SwitchAsync(blind);

        Assert.Contains("none/live.map", failure, StringComparison.Ordinal);
        Assert.NotEqual(DriverStanding.InSync, standing);
        Assert.Equal("fraud-blue", (await Runtime.MapAsync(Map, Ct))["fraud"]);
    }

    /// <returns>What was not as it should be.</returns>
    private async Task<IReadOnlyList<string>> BackAndForthAsync(string endpoint)
    {
        var (driver, problems) = (new HaProxyDriver(), new List<string>());
        var fleets = new[] { RouteExamples.Target("v1", "127.0.0.1:7001"), RouteExamples.Target("v2", "127.0.0.1:7002", "127.0.0.1:7003") };
        for (var version = 1; version <= 60; version++)
        {
            var (failure, standing) = await driver.SwitchAsync(RouteOf(endpoint, fleets[version % 2], version));
            if (failure is not null || standing != DriverStanding.InSync) problems.Add($"{endpoint} {version}: {standing} {failure}");
        }

        return problems;
    }

    private DriverRoute RouteOf(string endpoint, Routing.RouteTarget live, long version)
    {
        var settings = new DriverSettings
        {
            Kind = "haproxy",
            Target = "edge",
            Owner = new Dictionary<string, string>(),
            Operator = new Dictionary<string, string>
            {
                ["socket"] = Socket,
                ["map"] = Map,
                ["stateFile"] = Path.Combine(_folder.Path, "servers.state"),
            },
        };
        return RouteExamples.Route(settings, live, null, version) with { Endpoint = endpoint };
    }
}
