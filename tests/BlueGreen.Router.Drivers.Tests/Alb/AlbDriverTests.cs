using System.Net;
using BlueGreen.Platform.Http;
using BlueGreen.Router.Drivers.Alb;
using BlueGreen.Router.Routing;

namespace BlueGreen.Router.Drivers.Tests.Alb;

public sealed partial class AlbDriverTests : IAsyncLifetime
{
    private readonly HttpClient _http = new();
    private readonly RouteTarget _blue = RouteExamples.Target("v1", "10.0.1.1:80", "10.0.1.2:80");
    private readonly RouteTarget _green = RouteExamples.Target("v2", "10.0.2.1:80", "10.0.2.2:80");
    private FakeAlb _alb = null!;
    private AlbDriver _driver = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _alb = await FakeAlb.StartAsync();
        _driver = new AlbDriver(new AlbApi(_http, TimeProvider.System), TimeProvider.System);
    }

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return _alb.DisposeAsync();
    }

    [Fact]
    public async Task Switch_AllAtOnce_GreenIsRegisteredHealthyAndHasAllRequests()
    {
        Assert.Equal((null, DriverStanding.InSync), await _driver.SwitchAsync(Route(_blue)));
        Assert.Equal(["10.0.1.1:80", "10.0.1.2:80"], Serving());
        Assert.False(_alb.IsSticky);

        Assert.Equal((null, DriverStanding.InSync), await _driver.SwitchAsync(Route(_green, _blue, 2)));
        Assert.Equal(["10.0.2.1:80", "10.0.2.2:80"], Serving());
        Assert.Equal("10.0.1.1:80+10.0.1.2:80=0, 10.0.2.1:80+10.0.2.2:80=100", _driver.Describe(Route(_green, _blue, 2)));

        Assert.Equal((null, DriverStanding.InSync), await _driver.SwitchAsync(Route(_green, null, 3)));
        Assert.Equal(2, _alb.Targets.Values.Sum(group => group.Count));
    }

    [Fact]
    public async Task Revert_AfterASwitch_OneModifyRuleTakesAllBack()
    {
        await _driver.SwitchAsync(Route(_blue));
        await _driver.SwitchAsync(Route(_green, _blue, 2));
        _alb.Actions.Clear();

        var back = Route(_blue, null, 2) with { IsReverted = true };
        Assert.Equal((null, DriverStanding.InSync), await _driver.SwitchAsync(back));

        Assert.Equal(["10.0.1.1:80", "10.0.1.2:80"], Serving());
        Assert.Single(_alb.Actions, "ModifyRule");
        Assert.DoesNotContain("RegisterTargets", _alb.Actions);
        Assert.Equal(DriverStanding.Ahead, await _driver.StandingAsync(Route(_green, _blue, 2)));
    }

    [Fact]
    public async Task Shift_StepByStep_WeighsEveryStep()
    {
        await _driver.SwitchAsync(Route(_blue));
        foreach (var percent in new[] { 1, 10, 50, 100 })
        {
            Assert.Equal((null, DriverStanding.InSync), await _driver.SwitchAsync(Route(_green, _blue, 2) with { Share = percent / 100.0 }));
            Assert.Equal([$"{percent}", $"{100 - percent}"], new[] { _green, _blue }.Select(Weight));
        }
    }

    [Fact]
    public async Task Candidate_IsRegisteredBeforeItsSwitch()
    {
        await _driver.SwitchAsync(Route(_blue));
        Assert.Equal((null, DriverStanding.InSync), await _driver.SwitchAsync(Route(_blue, null, 2) with { Candidate = _green }));
        Assert.Equal("0", Weight(_green));
        _alb.Actions.Clear();
        await _driver.SwitchAsync(Route(_green, _blue, 3));
        Assert.DoesNotContain("RegisterTargets", _alb.Actions);
        Assert.Equal("100", Weight(_green));
    }

    [Fact]
    public async Task Switch_GreenIsNotHealthy_MovesNothingAndIsNotTakenForSomebodyElse()
    {
        await _driver.SwitchAsync(Route(_blue));
        _alb.Do(() => _alb.Sick.Add("10.0.2.2:80"));

        var (failure, standing) = await _driver.SwitchAsync(Route(_green, _blue, 2));

        Assert.Equal("10.0.2.2:80 is unhealthy, not healthy: traffic stays where it is.", failure);
        Assert.Equal(DriverStanding.Behind, standing);
        Assert.Equal(["10.0.1.1:80", "10.0.1.2:80"], Serving());
        _alb.Do(_alb.Sick.Clear);
        Assert.Equal((null, DriverStanding.InSync), await _driver.SwitchAsync(Route(_green, _blue, 2)));
    }

    [Fact]
    public async Task Switch_EveryStep_FindsAMarkThatFits()
    {
        await _driver.SwitchAsync(Route(_blue));
        var route = Route(_green, _blue, 2);
        var standings = new List<DriverStanding>();
        _alb.Before = action =>
        {
            if (action is not ("RegisterTargets" or "ModifyRule" or "AddTags" or "DeregisterTargets")) return;
            standings.Add(_driver.StandingAsync(route).GetAwaiter().GetResult());
        };

        await _driver.SwitchAsync(route);

        Assert.NotEmpty(standings);
        Assert.DoesNotContain(DriverStanding.Drifted, standings);
    }

    [Theory]
    [InlineData("weight")]
    [InlineData("target")]
    [InlineData("sticky")]
    public async Task Read_SomebodyChangesIt_IsDriftAndStays(string what)
    {
        var route = Route(_green, _blue);
        await _driver.SwitchAsync(route);
        _alb.Do(() =>
        {
            if (what == "weight") _alb.Weights[FakeAlb.One] = "37";
            else if (what == "target") _alb.Targets[FakeAlb.Two].Add("10.9.9.9:80");
            else _alb.IsSticky = true;
        });

        Assert.Equal(DriverStanding.Drifted, await _driver.StandingAsync(route));
    }

    [Fact]
    public async Task Switch_SomebodyChangesItAfterItWasRead_IsNotWrittenOver()
    {
        await _driver.SwitchAsync(Route(_blue));
        var route = Route(_green, _blue, 2);
        var seen = await _driver.ReadAsync(route, Token);
        _alb.Do(() => _alb.Targets[FakeAlb.One].Add("10.9.9.9:80"));

        var result = await _driver.ApplyAsync(route, seen, Token);

        Assert.StartsWith("Somebody else changed the rule meanwhile", result.Failure, StringComparison.Ordinal);
        Assert.DoesNotContain("10.0.2.1:80", _alb.Targets.Values.SelectMany(group => group));
    }

    [Fact]
    public async Task Switch_TheRuleAlsoAuthenticates_IsRefused()
    {
        _alb.OtherAction = "authenticate-oidc";
        var (failure, _) = await _driver.SwitchAsync(Route(_green));
        Assert.Contains("also does authenticate-oidc", failure, StringComparison.Ordinal);
        Assert.Equal("authenticate-oidc", _alb.OtherAction);
    }

    [Fact]
    public async Task Switch_AHostWithAName_IsRefused()
    {
        var (failure, _) = await _driver.SwitchAsync(Route(RouteExamples.Target("v3", "models.internal:80")));
        Assert.Contains("targets are IP addresses", failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_WrongSecret_IsRefusedByTheService()
    {
        var route = Route(_green);
        var wrong = new Dictionary<string, string>(route.Settings.Operator) { ["secretKey"] = "another" };
        var reading = await _driver.ReadAsync(route with { Settings = route.Settings with { Operator = wrong } }, Token);
        Assert.Contains("403: SignatureDoesNotMatch", reading.Failure, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("body")]
    [InlineData("date")]
    [InlineData("token")]
    [InlineData("nothing")]
    public async Task FakeService_TamperedAfterSigning_IsRefused(string what)
    {
        var body = "Action=DescribeRules&Version=2015-12-01&RuleArns.member.1="u8.ToArray().Concat(System.Text.Encoding.UTF8.GetBytes(Uri.EscapeDataString(FakeAlb.Rule))).ToArray();
        using var request = new HttpRequestMessage(HttpMethod.Post, _alb.Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/x-www-form-urlencoded");
        AwsSignature.Sign(request, body, FakeAlb.AccessKey, FakeAlb.SecretKey, FakeAlb.Region, "elasticloadbalancing", TimeProvider.System.GetUtcNow());
        if (what == "body") body[^1] ^= 1;
        if (what == "date") request.Headers.Add("X-Amz-Date", "20200101T000000Z");
        if (what == "token") request.Headers.Add("X-Amz-Security-Token", "somebody's");

        using var answer = await _http.SendAsync(request, Token);

        Assert.Equal(what == "nothing" ? HttpStatusCode.OK : HttpStatusCode.Forbidden, answer.StatusCode);
    }

    /// <summary>The example <c>post-x-www-form-urlencoded</c> of AWS's Signature Version 4 test suite.</summary>
    [Fact]
    public void Signature_OfTheTestSuitesExample_IsTheirs()
    {
        var body = "Param1=value1"u8.ToArray();
        using var request = new HttpRequestMessage(HttpMethod.Post, "https://example.amazonaws.com/") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/x-www-form-urlencoded");
        AwsSignature.Sign(request, body, FakeAlb.AccessKey, FakeAlb.SecretKey, "us-east-1", "service", new DateTimeOffset(2015, 8, 30, 12, 36, 0, TimeSpan.Zero));
        Assert.EndsWith(
            "Signature=ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
            request.Headers.GetValues("Authorization").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public void Check_WhatIsMissing_IsNamed()
    {
        var settings = Route(_green).Settings with { Operator = new Dictionary<string, string> { ["rule"] = FakeAlb.Rule, ["targetGroups"] = FakeAlb.One, ["accessKey"] = "x" } };
        Assert.Equal(3, _driver.Check(settings).Count);
    }

    private DriverRoute Route(RouteTarget live, RouteTarget? standby = null, long version = 1)
    {
        var settings = new DriverSettings
        {
            Kind = "aws-alb",
            Target = "edge",
            Owner = new Dictionary<string, string>(),
            Operator = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
            {
                ["rule"] = FakeAlb.Rule,
                ["targetGroups"] = $"{FakeAlb.One},{FakeAlb.Two}",
                ["region"] = FakeAlb.Region,
                ["address"] = _alb.Url.ToString(),
                ["accessKey"] = FakeAlb.AccessKey,
                ["secretKey"] = FakeAlb.SecretKey,
                ["sessionToken"] = "session",
                ["convergence"] = "00:00:00.100",
                ["poll"] = "00:00:00.020",
            },
        };
        return RouteExamples.Route(settings, live, standby, version);
    }

    private string[] Serving() => [.. _alb.Targets.Where(group => _alb.Weights.GetValueOrDefault(group.Key, "0") != "0")
        .SelectMany(group => group.Value).Order(StringComparer.Ordinal)];

    private string Weight(RouteTarget target) =>
        _alb.Weights[_alb.Targets.Single(group => group.Value.Contains($"{target.Replicas[0].Address.Host}:80")).Key];
}
