using BlueGreen.Contracts;
using BlueGreen.Router.Proxy;
using BlueGreen.Router.Routing;
using BlueGreen.Router.Tests.Support;
using CsCheck;

namespace BlueGreen.Router.Tests.Routing;

public sealed class RouteShiftTests
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;
    private static readonly DateTimeOffset Start = new(2026, 11, 23, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Share_GrowsByItsStepsToAll()
    {
        var shift = Shift(new TrafficShift { First = 0.1, Step = 0.4, Wait = TimeSpan.FromMinutes(1) });

        Assert.Equal([0.1, 0.1, 0.5, 0.9, 1, 1], new[] { -1, 30, 60, 120, 180, 6000 }.Select(second => Math.Round(shift.ShareAt(Start.AddSeconds(second)), 9)));
    }

    [Fact]
    public void End_IsWhenTheShareIsAll() => Gen.Select(Gen.Double[0.001, 1], Gen.Double[0.01, 1], Gen.Int[1, 10_000]).Sample((first, step, wait) =>
    {
        var shift = Shift(new TrafficShift { First = first, Step = step, Wait = TimeSpan.FromSeconds(wait) });

        Assert.InRange(shift.ShareAt(shift.EndsAt.AddMilliseconds(1)), 1 - 1e-9, 1);
        // Half a step on either side: a share may round to all, or not quite.
        if (first < 1) Assert.True(shift.ShareAt(shift.EndsAt.AddSeconds(-wait * 1.5)) < 1);
    });

    [Fact]
    public void End_ThatNobodyLivesToSee_IsADateAllTheSame() =>
        Assert.InRange(Shift(new TrafficShift { First = 1e-9, Step = 1e-9, Wait = TimeSpan.FromDays(1) }).EndsAt, Start.AddDays(3649), Start.AddDays(3651));

    [Fact]
    public async Task Policy_ChangedAfterTheSwitch_MovesNoTraffic_UntilTheNextOne()
    {
        using var data = new TemporaryDirectory();
        await using var blue = await ModelServer.StartAsync("v1");
        await using var green = await ModelServer.StartAsync("v2");
        await using var router = await RouterHost.StartAsync(data);
        var bySteps = new TrafficPolicy { Shift = new TrafficShift { First = 1e-9, Step = 1, Wait = TimeSpan.FromHours(1) } };
        await router.ConfigureAsync(new TrafficPolicy(), revision: 1);
        var first = await router.SwitchAsync(Guid.NewGuid(), 0, blue);
        var second = await router.SwitchAsync(Guid.NewGuid(), first.Epoch, green);

        await router.ConfigureAsync(bySteps, revision: 2);
        for (var i = 0; i < 10; i++) Assert.Equal("v2", await AskAsync(router, "user=1"));

        await router.SwitchAsync(Guid.NewGuid(), second.Epoch, blue);
        for (var i = 0; i < 10; i++) Assert.Equal("v2", await AskAsync(router, "user=1"));
        await router.ConfigureAsync(new TrafficPolicy(), revision: 3);
        for (var i = 0; i < 10; i++) Assert.Equal("v2", await AskAsync(router, "user=1"));
    }

    [Fact]
    public void StickyValue_OnceGreen_StaysGreen_AndItsShareOfValuesIsGreen() => Gen.Double[0.05, 0.95].Sample(first =>
    {
        var shift = Shift(new TrafficShift { First = first, Step = 0.1, Wait = TimeSpan.FromMinutes(1), StickyHeader = "X-User" });
        var users = Enumerable.Range(0, 2000).Select(number => $"user-{number}").ToArray();
        var green = users.Where(user => shift.IsNew(Request(user), Start)).ToHashSet();

        Assert.InRange(green.Count / 2000d, first - 0.06, first + 0.06);
        Assert.All(green, user => Assert.True(shift.IsNew(Request(user), Start.AddMinutes(3))));
        Assert.All(users, user => Assert.True(shift.IsNew(Request(user), Start.AddMinutes(10))));
    }, iter: 20);

    [Fact]
    public async Task Canary_SplitsByTheCookieItGives_AndARevertTakesAllBack()
    {
        using var data = new TemporaryDirectory();
        await using var blue = await ModelServer.StartAsync("v1");
        await using var green = await ModelServer.StartAsync("v2");
        await using var router = await RouterHost.StartAsync(data);
        await router.ConfigureAsync(new TrafficPolicy
        {
            Shift = new TrafficShift { First = 0.5, Step = 0.5, Wait = TimeSpan.FromHours(1), StickyCookie = "bluegreen" },
        });
        var first = await router.SwitchAsync(Guid.NewGuid(), 0, blue);
        var second = await router.SwitchAsync(Guid.NewGuid(), first.Epoch, green);

        var seen = new HashSet<string>();
        for (var user = 0; user < 40; user++)
        {
            using var request = await router.Inference.GetAsync("/fraud/x", Token);
            var cookie = Assert.Single(request.Headers.GetValues("Set-Cookie")).Split(';')[0];
            for (var again = 0; again < 3; again++) Assert.Equal(Version(request), await AskAsync(router, cookie));
            seen.Add(Version(request));
        }

        Assert.Equal(["v1", "v2"], seen.Order());
        using var reverted = await router.RevertAsync(second.DeploymentId);
        reverted.EnsureSuccessStatusCode();
        for (var user = 0; user < 20; user++) Assert.Equal("v1", await AskAsync(router, $"bluegreen={user}"));
    }

    private static async Task<string> AskAsync(RouterHost router, string cookie)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/fraud/x");
        request.Headers.Add("Cookie", cookie);
        using var answer = await router.Inference.SendAsync(request, Token);
        return Version(answer);
    }

    private static string Version(HttpResponseMessage answer) => answer.Headers.GetValues("X-BlueGreen-Model-Version").Single();

    private static DefaultHttpContext Request(string user) => new() { Request = { Headers = { ["X-User"] = user } } };

    private static RouteShift Shift(TrafficShift plan)
    {
        var old = new RouteTarget
        {
            EnvironmentId = Guid.NewGuid(),
            DeploymentId = Guid.NewGuid(),
            Model = "m",
            Version = "v1",
            Protocol = "p",
            Replicas = [],
        };
        return new RouteShift(plan, Guid.NewGuid(), Start, new RouteLeg(old, "", "1", new EnvironmentRegistry(TimeProvider.System)));
    }
}
