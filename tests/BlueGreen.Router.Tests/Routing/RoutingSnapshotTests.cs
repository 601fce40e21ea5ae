using BlueGreen.Router.Proxy;
using BlueGreen.Router.Routing;
using CsCheck;

namespace BlueGreen.Router.Tests.Routing;

public sealed class RoutingSnapshotTests
{
    private static readonly Gen<string> Segment = Gen.OneOf("a", "ab", "b", "c");
    private static readonly Gen<string> Prefix = Segment.Array[0, 3].Select(segments => string.Concat(segments.Select(s => "/" + s)));
    private static readonly Gen<string> Requested =
        Gen.Select(Gen.OneOf("a", "ab", "b", "c", "").Array[0, 5], Gen.OneOf("", "/"))
            .Select((segments, end) => string.Concat(segments.Select(s => "/" + s)) + end);

    [Fact]
    public void TryMatch_FindsTheLongestPrefixOfWholeSegments() => Gen.Select(Prefix.Array[0, 5], Requested).Sample((prefixes, path) =>
    {
        var snapshot = Snapshot(prefixes);
        var expected = prefixes
            .Where(prefix => path == prefix || path.StartsWith(prefix + "/", StringComparison.Ordinal))
            .OrderByDescending(prefix => prefix.Length).FirstOrDefault();

        var isMatch = snapshot.TryMatch(path, out var entry);

        Assert.Equal(expected is not null, isMatch);
        if (isMatch) Assert.Equal(expected, entry!.State.Path);
    });

    [Fact]
    public void TryMatch_AllocatesNothing()
    {
        var snapshot = Snapshot(["/fraud", "/models/fraud", "/models"]);
        bool Match() => snapshot.TryMatch("/models/fraud/v2/models/fraud/infer", out _);
        Assert.True(Match());

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) Match();

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void TwoEndpointsWithOnePath_TheFirstByNameHasIt()
    {
        var snapshot = Snapshot(["/same", "/same"]);

        Assert.True(snapshot.TryMatch("/same/x", out var entry));
        Assert.Equal("e0", entry.State.Endpoint);
    }

    private static RoutingSnapshot Snapshot(string[] prefixes)
    {
        var environments = new EnvironmentRegistry(TimeProvider.System);
        return new RoutingSnapshot(prefixes.Select((prefix, index) => new RouteSlot(RouteEntry.From(
            new RouteState { Endpoint = $"e{index}", Path = prefix, Version = 1, Epoch = 0 }, [], environments))));
    }
}
