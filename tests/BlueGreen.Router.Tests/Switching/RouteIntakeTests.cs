using BlueGreen.Platform.Hosting;
using BlueGreen.Router.Proxy;
using BlueGreen.Router.Routing;
using BlueGreen.Router.Switching;
using BlueGreen.Router.Tests.Support;
using CsCheck;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace BlueGreen.Router.Tests.Switching;

public sealed class RouteIntakeTests : IDisposable
{
    private readonly TemporaryDirectory _data = new();
    private readonly RoutingTable _table = new(new EnvironmentRegistry(TimeProvider.System));
    private readonly RouteSignals _signals = new();
    private readonly ReplicaStanding _standing;
    private readonly RouteIntake _intake;

    public RouteIntakeTests()
    {
        _standing = Standing(_table);
        _intake = new(_table, _standing, _signals, NullLogger<RouteIntake>.Instance);
    }

    [Fact]
    public void Hearing_ANewerRoute_IsInForceAtOnceAndToBeAcknowledged()
    {
        _table.Apply([Route(3)]);
        var changed = _signals.Changed.Next;

        _intake.Hear(News(4));

        Assert.Equal(4, Assert.Single(_table.Acknowledgements()).Version);
        Assert.True(changed.IsCompleted);
        Assert.Empty(_signals.TakeChanged());
    }

    /// <summary>For a restart without the database.</summary>
    [Fact]
    public void Hearing_ANewerRoute_IsToBePutOnDisk()
    {
        _table.Apply([Route(3)]);
        var stale = _standing.Stale.Next;

        _intake.Hear(News(4));
        _standing.CatchUp();

        Assert.True(stale.IsCompleted);
        Assert.Equal(4, Assert.Single(new ReplicaFile(Platform).Read()!.Routes).Version);
    }

    [Fact]
    public void Hearing_TheSameRouteAgain_IsNothingNew()
    {
        _table.Apply([Route(3)]);
        var changed = _signals.Changed.Next;

        _intake.Hear(News(3));

        Assert.False(changed.IsCompleted);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(null)]
    public void Hearing_WhatCannotBeToldToBeNewer_IsLeftToBeRead(int? version)
    {
        _table.Apply([Route(3)]);

        _intake.Hear(version is { } older ? News(older) : new RouteNews(Commands.Endpoint, null));

        Assert.Equal([Commands.Endpoint], _signals.TakeChanged());
        Assert.Equal(3, Assert.Single(_table.States()).Version);
    }

    [Fact]
    public void Hearing_AnEndpointThatIsNotKnown_IsLeftToBeRead()
    {
        _intake.Hear(News(1));

        Assert.Equal([Commands.Endpoint], _signals.TakeChanged());
        Assert.Empty(_table.States());
    }

    [Fact]
    public void Hearing_WhatIsNoNews_ReadsEverything()
    {
        _intake.Hear(RouteNews.Read("fraud"));

        Assert.True(_signals.TakeMissed());
        Assert.False(_signals.TakeMissed());
    }

    [Fact]
    public void Reading_OvertakenByWhatWasHeard_DoesNotGoBack()
    {
        _table.Apply([Route(3)]);
        var mark = _table.Mark;
        _intake.Hear(News(5));

        _table.Apply([Route(4)], mark);

        Assert.Equal(5, Assert.Single(_table.States()).Version);
    }

    [Fact]
    public void Reading_OfARestoredDatabase_GoesBack()
    {
        _table.Apply([Route(3)]);
        _intake.Hear(News(5));

        _table.Apply([Route(4)], _table.Mark);

        Assert.Equal(4, Assert.Single(_table.States()).Version);
    }

    /// <summary>Whatever is heard and read in whatever order: in the end the newest that the database had is in force.</summary>
    [Fact]
    public void Hearing_InAnyOrderWithReads_EndsWithTheNewest() => Gen.Select(Gen.Int[2, 9].Array[0, 12], Gen.Bool.Array[12, 12]).Sample((heard, reads) =>
    {
        var table = new RoutingTable(new EnvironmentRegistry(TimeProvider.System));
        var intake = new RouteIntake(table, _standing, new RouteSignals(), NullLogger<RouteIntake>.Instance);
        table.Apply([Route(1)]);
        var newest = 1;
        foreach (var (version, isRead) in heard.Zip(reads))
        {
            // What a read finds was committed before it ended, what is heard before it was sent.
            var (mark, before) = (table.Mark, newest);
            newest = Math.Max(newest, version);
            intake.Hear(News(version));
            if (isRead) table.Apply([Route(before)], mark);
        }

        Assert.Equal(newest, Assert.Single(table.States()).Version);
    });

    [Fact]
    public void News_IsReadAsItWasWritten()
    {
        var news = News(7);

        var read = RouteNews.Read(news.Write());

        Assert.Equivalent(news, read, strict: true);
    }

    [Fact]
    public void News_TooLongForANotification_SaysOnlyWhoseRouteItIs()
    {
        var vetoes = Enumerable.Range(0, 100).Select(_ => new KnownVeto(Guid.NewGuid(), DateTimeOffset.UnixEpoch)).ToArray();

        var read = RouteNews.Read(new RouteNews(Commands.Endpoint, Route(7) with { Vetoed = vetoes }).Write());

        Assert.Equal(new RouteNews(Commands.Endpoint, null), read);
    }

    public void Dispose() => _data.Dispose();

    private IOptions<PlatformOptions> Platform => Options.Create(new PlatformOptions { DataDirectory = _data.Path });

    private ReplicaStanding Standing(RoutingTable table) =>
        new(new ReplicaFile(Platform), table, Options.Create(new RouterOptions()), TimeProvider.System);

    private static RouteNews News(int version) => new(Commands.Endpoint, Route(version));

    private static RouteState Route(int version) => new()
    {
        Endpoint = Commands.Endpoint,
        Path = "/" + Commands.Endpoint,
        Version = version,
        Epoch = version,
        Live = RouteTarget.Of(Commands.Switch(Guid.Empty, version - 1, "v1", "open-inference-v2", new Uri("http://127.0.0.1:1/"))),
    };
}
