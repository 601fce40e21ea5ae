using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using BlueGreen.Router.Drivers.Kubernetes.Api;
using BlueGreen.Router.Tests.Support;

namespace BlueGreen.Router.Drivers.Tests.Kubernetes;

public sealed class FollowerTests : IAsyncLifetime
{
    private readonly ConcurrentQueue<string> _seen = new();
    private readonly CancellationTokenSource _stop = new();
    private ClusterExample _cluster = null!;
    private Task _following = Task.CompletedTask;

    public async ValueTask InitializeAsync()
    {
        _cluster = await ClusterExample.StartAsync();
        _cluster.PutService("fraud", new JsonObject { ["app"] = "0" });
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _following);
        _stop.Dispose();
        await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task Follow_AChange_IsSeenByTheWatchAlone()
    {
        await FollowAsync();
        Turn("1");
        await SeenAsync("1");
        Assert.Equal(1, Lists());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Follow_VersionsAreForgotten_ListsAgainAndMissesNothing(bool byStatus)
    {
        _cluster.Server.SaysGoneByStatus = byStatus;
        await FollowAsync();
        var server = _cluster.Server;

        if (byStatus) server.CutWatches();
        Turn("1");
        _cluster.Store.Compact();

        await SeenAsync("1");
        await Eventually.TrueAsync(() => server.Watching > 0);
        Turn("2");
        await SeenAsync("2");
        Assert.True(Lists() > 1);
    }

    [Fact]
    public async Task Follow_OthersChangeAndHistoryIsForgotten_BookmarksHaveMovedTheWatchOn()
    {
        await FollowAsync(period: "00:00:02");
        for (var index = 0; index < 5; index++) _cluster.PutService("other", new JsonObject { ["app"] = $"{index}" });

        // Two watches later the follower still goes on from where the last bookmark left it.
        await Eventually.TrueAsync(() => Watches() >= 3);
        Turn("1");

        await SeenAsync("1");
        Assert.Equal(1, Lists());
    }

    [Fact]
    public async Task Follow_WatchBreaksOff_GoesOn()
    {
        await FollowAsync();
        _cluster.Server.CutWatches();
        Turn("1");
        await SeenAsync("1");
    }

    [Fact]
    public async Task Follow_ItIsDeleted_SeesNone()
    {
        await FollowAsync();
        _cluster.Store.Delete("services", "fraud");
        await SeenAsync("none");
    }

    private async Task FollowAsync(string period = "00:00:30")
    {
        var settings = _cluster.Settings("kubernetes-service");
        settings = settings with { Operator = new Dictionary<string, string>(settings.Operator, StringComparer.OrdinalIgnoreCase) { ["watchPeriod"] = period } };
        _following = _cluster.Follower(settings).FollowAsync(
            KubernetesQuery.One(KubernetesResource.Services(FakeCluster.Namespace), "fraud"),
            items =>
            {
                _seen.Enqueue(items.FirstOrDefault()?["spec"]!["selector"]!["app"]!.ToString() ?? "none");
                return false;
            }, _stop.Token);
        await SeenAsync("0");
        await Eventually.TrueAsync(() => _cluster.Server.Watching > 0);
    }

    private void Turn(string to) => _cluster.Store.Change("services", "fraud", service => service["spec"]!["selector"]!["app"] = to);

    private Task SeenAsync(string what) => Eventually.TrueAsync(() => _seen.Contains(what));

    private int Lists() => Watches(isWatch: false);

    private int Watches(bool isWatch = true) => _cluster.Server.Requests.Count(request => request.EndsWith(isWatch ? "?watch" : "/services", StringComparison.Ordinal));
}
