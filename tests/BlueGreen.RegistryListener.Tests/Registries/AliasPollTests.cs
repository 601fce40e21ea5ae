using System.Text.Json.Nodes;
using BlueGreen.Contracts;
using BlueGreen.RegistryListener.Tests.Fixture;

namespace BlueGreen.RegistryListener.Tests.Registries;

/// <summary>Aliases and tags are pointers of their own: only one that moved is a promotion.</summary>
public sealed class AliasPollTests
{
    [Fact]
    public async Task Tag_PromotesAnotherVersion_TheAliasThatStayedDoesNotTakeItBack()
    {
        await using var server = await MlflowServer.StartAsync();
        server.Aliases["fraud"] = new() { [ListenerHost.Stage] = "7" };
        await using var host = await StartAsync(server);
        await Eventually.BecomesTrueAsync(() => Versions(host) is ["7"]);

        Assert.Equal(202, (await host.SendAsync("mlflow", Tag("8"))).Status);
        await RoundsAsync(server, 2);
        Assert.Equal(["7", "8"], Versions(host));

        server.Aliases["fraud"][ListenerHost.Stage] = "9";
        await Eventually.BecomesTrueAsync(() => Versions(host) is ["7", "8", "9"], () => string.Join(", ", Versions(host)));
    }

    [Fact]
    public async Task Tag_PromotedBeforeTheAliasWasEverSeen_StaysTheLatest()
    {
        await using var server = await MlflowServer.StartAsync();
        server.Outage = int.MaxValue;
        server.Aliases["fraud"] = new() { [ListenerHost.Stage] = "7" };
        await using var host = await StartAsync(server);
        Assert.Equal(202, (await host.SendAsync("mlflow", Tag("8"))).Status);
        server.Outage = 0;

        await RoundsAsync(server, 2);

        Assert.Equal(["8"], Versions(host));
    }

    [Fact]
    public async Task TwoAliases_OnTwoVersions_ArePromotedOnceEach()
    {
        await using var server = await MlflowServer.StartAsync();
        server.Aliases["risk"] = new() { ["champion"] = "7", ["canary"] = "8" };
        await using var host = await StartAsync(server);
        await host.ConfigureAsync("risk", ListenerHost.Stage, 1, new RegistryRule { Source = "mlflow", On = ["alias:champion", "alias:canary"] });
        await Eventually.BecomesTrueAsync(() => Versions(host).Count == 2, () => string.Join(", ", Versions(host)));

        await RoundsAsync(server, 3, "risk");
        Assert.Equal(["7", "8"], Versions(host).Order());

        server.Aliases["risk"]["champion"] = "8";
        await RoundsAsync(server, 2, "risk");
        server.Aliases["risk"]["champion"] = "9";
        await Eventually.BecomesTrueAsync(() => Versions(host).Count == 3);
        await RoundsAsync(server, 2, "risk");
        Assert.Equal(["7", "8", "9"], Versions(host).Order());
    }

    [Fact]
    public async Task Alias_OfOneModelForTwoEndpoints_PromotesOnlyTheOneThatIsNew()
    {
        await using var server = await MlflowServer.StartAsync();
        server.Aliases["shared"] = new() { ["champion"] = "3" };
        await using var host = await StartAsync(server);
        await host.ConfigureAsync("one", ListenerHost.Stage, 1, new RegistryRule { Source = "mlflow", Model = "shared", On = ["alias:champion"] });
        await Eventually.BecomesTrueAsync(() => host.Promotions.All.Any(promotion => promotion.Endpoint == "one"));
        await host.ConfigureAsync("two", ListenerHost.Stage, 1, new RegistryRule { Source = "mlflow", Model = "shared", On = ["alias:champion"] });
        await Eventually.BecomesTrueAsync(() => host.Promotions.All.Any(promotion => promotion.Endpoint == "two"));

        await RoundsAsync(server, 2, "shared");

        Assert.Equal(["one", "two"], host.Promotions.All.Select(promotion => promotion.Endpoint));
    }

    [Fact]
    public async Task Alias_OnWhatATagPromoted_IsNotedAndFoundWhenItMoves()
    {
        await using var server = await MlflowServer.StartAsync();
        server.Aliases["fraud"] = new();
        await using var host = await StartAsync(server);
        await RoundsAsync(server, 1);
        Assert.Equal(202, (await host.SendAsync("mlflow", Tag("8"))).Status);
        server.Aliases["fraud"][ListenerHost.Stage] = "8";
        await RoundsAsync(server, 2);
        Assert.Equal(["8"], Versions(host));

        server.Aliases["fraud"][ListenerHost.Stage] = "7";
        await Eventually.BecomesTrueAsync(() => Versions(host) is ["8", "7"]);
    }

    [Fact]
    public async Task Alias_ThatAppearsAfterATagPromoted_IsFound()
    {
        await using var server = await MlflowServer.StartAsync();
        server.Aliases["fraud"] = new();
        await using var host = await StartAsync(server);
        await RoundsAsync(server, 2);
        Assert.Equal(202, (await host.SendAsync("mlflow", Tag("8"))).Status);

        server.Aliases["fraud"][ListenerHost.Stage] = "9";

        await Eventually.BecomesTrueAsync(() => Versions(host) is ["8", "9"]);
    }

    [Fact]
    public async Task Alias_MissingFromAnAnswer_IsNoPromotionWhenItIsBack()
    {
        await using var server = await MlflowServer.StartAsync();
        server.Aliases["fraud"] = new() { [ListenerHost.Stage] = "7" };
        await using var host = await StartAsync(server);
        await Eventually.BecomesTrueAsync(() => Versions(host) is ["7"]);
        Assert.Equal(202, (await host.SendAsync("mlflow", Tag("8"))).Status);

        server.Aliases["fraud"] = new();
        await RoundsAsync(server, 2);
        server.Aliases["fraud"] = new() { [ListenerHost.Stage] = "7" };
        await RoundsAsync(server, 2);

        Assert.Equal(["7", "8"], Versions(host));
    }

    [Fact]
    public async Task Alias_MovedWhileTheListenerWasDown_IsFoundAndNothingElseIs()
    {
        var folder = Directory.CreateTempSubdirectory("bluegreen-alias-poll-").FullName;
        try
        {
            await using var server = await MlflowServer.StartAsync();
            server.Aliases["fraud"] = new() { [ListenerHost.Stage] = "7" };
            await using (var before = await StartAsync(server, folder))
            {
                await Eventually.BecomesTrueAsync(() => Versions(before) is ["7"]);
                Assert.Equal(202, (await before.SendAsync("mlflow", Tag("8"))).Status);
                await Eventually.BecomesTrueAsync(() => Versions(before) is ["7", "8"]);
            }

            await using (var unchanged = await StartAsync(server, folder))
            {
                await RoundsAsync(server, 2);
                Assert.Equal(["7", "8"], await AcceptedAsync(unchanged));
            }

            server.Aliases["fraud"][ListenerHost.Stage] = "9";
            await using var after = await StartAsync(server, folder);
            await Eventually.BecomesTrueAsync(() => Versions(after).Contains("9"));
            await RoundsAsync(server, 2);
            Assert.Equal(["7", "8", "9"], await AcceptedAsync(after));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>What was ever accepted: messages of an earlier process may come again.</summary>
    private static async Task<IEnumerable<string?>> AcceptedAsync(ListenerHost host) =>
        (await host.DeliveriesOfAsync("mlflow")).Where(row => row.DeploymentId is not null).Select(row => row.Version);

    private static IReadOnlyList<string> Versions(ListenerHost host) => [.. host.Promotions.All.Select(promotion => promotion.Version)];

    /// <summary>So many rounds have begun and ended from here on: one may be under way.</summary>
    private static async Task RoundsAsync(MlflowServer server, int rounds, string model = "fraud")
    {
        var from = server.Asked.GetValueOrDefault(model);
        await Eventually.BecomesTrueAsync(() => server.Asked.GetValueOrDefault(model) > from + rounds, () => $"asked {server.Asked.GetValueOrDefault(model)} times");
    }

    private static JsonObject Tag(string version) => new()
    {
        ["entity"] = "model_version_tag",
        ["action"] = "set",
        ["timestamp"] = TimeProvider.System.GetUtcNow().ToString("O"),
        ["data"] = new JsonObject { ["name"] = "fraud", ["version"] = version, ["key"] = "stage", ["value"] = ListenerHost.Stage },
    };

    private static async Task<ListenerHost> StartAsync(MlflowServer server, string? folder = null)
    {
        var host = new ListenerHost
        {
            Settings = new()
            {
                ["BlueGreen:Mlflow:Url"] = server.Url,
                ["BlueGreen:Mlflow:Token"] = MlflowServer.Token,
                ["BlueGreen:RegistryListener:PollInterval"] = "00:00:01",
            },
        };
        if (folder is not null) host.Settings["BlueGreen:DataDirectory"] = folder;
        await host.InitializeAsync();
        return host;
    }
}
