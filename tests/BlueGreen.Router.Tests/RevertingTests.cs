using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using BlueGreen.Contracts;
using BlueGreen.Router.Reverting;
using BlueGreen.Router.Tests.Support;

namespace BlueGreen.Router.Tests;

public sealed class RevertingTests
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Revert_MovesTrafficAtOnce_AndIsPublishedOncePerDeployment()
    {
        using var data = new TemporaryDirectory();
        await using var blue = await ModelServer.StartAsync("v1");
        await using var green = await ModelServer.StartAsync("v2");
        await using var router = await RouterHost.StartAsync(data);
        var first = await router.SwitchAsync(Guid.NewGuid(), 0, blue);
        var second = await router.SwitchAsync(Guid.NewGuid(), first.Epoch, green);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => RevertAsync(router, second.DeploymentId)));

        Assert.Single(answers, answer => answer.Moved);
        Assert.Equal(7, answers.Count(answer => answer.AlreadyReverted));
        Assert.All(answers, answer => Assert.Equal(first.EnvironmentId, answer.LiveEnvironmentId));
        Assert.All(answers, answer => Assert.Contains(answer.Epoch, new[] { "2+revert", "3" }));
        var reverted = await router.Spy.NextAsync<TrafficReverted>(_ => true);
        Assert.Equal((3, first.EnvironmentId), (reverted.Epoch, reverted.LiveEnvironmentId!.Value));
        await Eventually.TrueAsync(() => router.Table.Current.Entries.Single().EpochText == "3");
        Assert.Single(router.Spy.All<TrafficReverted>());
        await Eventually.TrueAsync(() => router.Get<VetoJournal>().Pending.Count == 0);
        using var served = await router.Inference.GetAsync("/fraud/x", Token);
        Assert.Equal("v1", served.Headers.GetValues("X-BlueGreen-Model-Version").Single());
    }

    [Fact]
    public async Task Revert_BeforeTheSwitch_MakesTheSwitchFail()
    {
        using var data = new TemporaryDirectory();
        await using var blue = await ModelServer.StartAsync("v1");
        await using var green = await ModelServer.StartAsync("v2");
        await using var router = await RouterHost.StartAsync(data);
        var first = await router.SwitchAsync(Guid.NewGuid(), 0, blue);
        var late = Commands.Switch(Guid.NewGuid(), first.Epoch, green);

        var veto = await RevertAsync(router, late.DeploymentId);
        await router.Spy.NextAsync<TrafficReverted>(message => message.DeploymentId == late.DeploymentId);
        await router.PublishAsync(late);

        Assert.False(veto.Moved);
        Assert.Equal("1", veto.Epoch);
        var failed = await router.Spy.NextAsync<SwitchingFailed>(message => message.DeploymentId == late.DeploymentId);
        Assert.Contains("vetoed", failed.Reason);
        Assert.Equal(0, green.Served);
    }

    [Fact]
    public async Task Revert_OfAFirstDeploymentIs409_WithoutAReadyStandby503_AndChangesNothing()
    {
        using var data = new TemporaryDirectory();
        await using var blue = await ModelServer.StartAsync("v1");
        await using var green = await ModelServer.StartAsync("v2");
        await using var router = await RouterHost.StartAsync(data);
        var first = await router.SwitchAsync(Guid.NewGuid(), 0, blue);
        Assert.Equal(HttpStatusCode.Conflict, await StatusAsync(router, first.DeploymentId));

        var second = await router.SwitchAsync(Guid.NewGuid(), first.Epoch, green);
        blue.IsReady = false;
        using (var transient = await router.RevertAsync(second.DeploymentId))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, transient.StatusCode);
            Assert.NotNull(transient.Headers.RetryAfter);
            Assert.Equal("application/problem+json", transient.Content.Headers.ContentType?.MediaType);
        }

        Assert.Equal("2", router.Table.Current.Entries.Single().EpochText);

        blue.IsReady = true;
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(router, second.DeploymentId));
    }

    [Fact]
    public async Task Revert_RightAfterTheSwitch_StandbyTooBusyToSayThatItIsReady_CountsAsItWasWhenItLeft()
    {
        using var data = new TemporaryDirectory();
        await using var blue = await ModelServer.StartAsync("v1");
        await using var green = await ModelServer.StartAsync("v2");
        await using var router = await RouterHost.StartAsync(data);
        var first = await router.SwitchAsync(Guid.NewGuid(), 0, blue);
        var busy = new TaskCompletionSource();
        blue.Busy = busy.Task;
        var second = await router.SwitchAsync(Guid.NewGuid(), first.Epoch, green);

        var answer = await RevertAsync(router, second.DeploymentId);

        busy.SetResult();
        Assert.True(answer.Moved);
    }

    [Fact]
    public async Task Revert_AsksForATokenAndAWholeBody()
    {
        using var data = new TemporaryDirectory();
        await using var router = await RouterHost.StartAsync(data);
        var body = new { deploymentId = Guid.NewGuid(), reason = "r", requestedBy = "me" };

        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(router, body.deploymentId));
        using var empty = await router.Control.PostAsJsonAsync("/routes/fraud/revert", new { reason = "r" }, Token);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, empty.StatusCode);
        var problem = await empty.Content.ReadFromJsonAsync<JsonElement>(Token);
        Assert.Equal("deploymentId", problem.GetProperty("field").GetString());

        router.Control.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", RouterHost.BreakGlass);
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(router, body.deploymentId));
        router.Control.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "not a token of anybody");
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(router, body.deploymentId));
    }

    private static async Task<HttpStatusCode> StatusAsync(RouterHost router, Guid deployment)
    {
        using var answer = await router.RevertAsync(deployment);
        return answer.StatusCode;
    }

    private static async Task<RevertResponse> RevertAsync(RouterHost router, Guid deployment)
    {
        using var answer = await router.RevertAsync(deployment);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<RevertResponse>(Token))!;
    }
}
