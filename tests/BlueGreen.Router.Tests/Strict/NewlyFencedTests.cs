using System.Net;
using BlueGreen.Contracts;
using BlueGreen.Platform.Persistence;
using BlueGreen.Router.Persistence;
using BlueGreen.Router.Switching;
using BlueGreen.Router.Tests.Support;

namespace BlueGreen.Router.Tests.Strict;

/// <summary>An endpoint that served last is fenced, while a replica is cut off that has not heard of that.</summary>
public sealed class NewlyFencedTests
{
    private const string CutOff = "router-cut-off";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Switch_IsConfirmedOnly_WhenTheReplicaThatIsSilentKnowsThatItMustStop(bool knows)
    {
        using var data = new TemporaryDirectory();
        await using var blue = await ModelServer.StartAsync("v1");
        await using var green = await ModelServer.StartAsync("v2");
        await using var router = await RouterHost.StartAsync(data);
        await router.ConfigureAsync(new TrafficPolicy());
        var first = await router.SwitchAsync(Guid.NewGuid(), 0, blue);
        if (!knows) await CutOffAsync(router);
        await router.ConfigureAsync(new TrafficPolicy(), onControlPlaneLoss: "fence", revision: 2);
        if (knows) await CutOffAsync(router);

        var made = await router.SwitchAsync(Guid.NewGuid(), first.Epoch, green);

        Assert.Equal(knows, made.Confirmed);
        Assert.Equal(knows ? 1 : 2, made.Acknowledgements.Count);
        if (!knows) Assert.NotNull(made.Acknowledgements.Single(entry => entry.Router == CutOff).Problem);
    }

    [Fact]
    public async Task StrictSwitch_IsNotMade_UntilAnOperatorSaysThatTheSilentReplicaIsGone()
    {
        using var data = new TemporaryDirectory();
        await using var blue = await ModelServer.StartAsync("v1");
        await using var green = await ModelServer.StartAsync("v2");
        await using var router = await RouterHost.StartAsync(
            data, ("BlueGreen:Router:PrepareLimit", "00:00:01"), ("BlueGreen:Router:HoldLimit", "00:00:05"), ("BlueGreen:Router:StrictDeadline", "00:00:01"));
        await router.ConfigureAsync(new TrafficPolicy());
        var first = await router.SwitchAsync(Guid.NewGuid(), 0, blue);
        await CutOffAsync(router);
        await router.ConfigureAsync(new TrafficPolicy(), cutover: "strict", revision: 2);

        await router.PublishAsync(Commands.Switch(Guid.NewGuid(), first.Epoch, green));
        var failed = await router.Spy.NextAsync<SwitchingFailed>(_ => true);
        using var forgotten = await router.Control.DeleteAsync($"/router/replicas/{CutOff}", Token);
        var made = await router.SwitchAsync(Guid.NewGuid(), first.Epoch, green);

        Assert.Contains(CutOff, failed.Reason, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NoContent, forgotten.StatusCode);
        Assert.True(made.Confirmed);
    }

    /// <summary>As the database remembers a replica that acknowledged all there was, and was not heard of since.</summary>
    private static Task<bool> CutOffAsync(RouterHost router) => router.Get<IServiceStore<RouterDbContext>>().WriteAsync(
        (work, _) =>
        {
            var (then, state) = (router.Get<DatabaseClock>().Now - TimeSpan.FromMinutes(5), router.Table.Current.Entries.Single().State);
            work.Db.Replicas.Add(new ReplicaRow { Name = CutOff, RenewedAt = then });
            work.Db.Acknowledgements.Add(new AcknowledgementRow
            {
                Replica = CutOff,
                Endpoint = Commands.Endpoint,
                Version = state.Version,
                Epoch = state.Epoch,
                AppliedAt = then,
            });
            return Task.FromResult(true);
        }, Token);
}
