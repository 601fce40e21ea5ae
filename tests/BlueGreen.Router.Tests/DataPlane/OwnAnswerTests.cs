using System.Net;
using BlueGreen.Contracts;
using BlueGreen.Router.Proxy;
using BlueGreen.Router.Tests.Support;

namespace BlueGreen.Router.Tests.DataPlane;

/// <summary>Answers that the router gives itself: marked as others are, and counted.</summary>
public sealed class OwnAnswerTests
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task OwnAnswers_SayEpochAndEnvironment_AsFarAsThereAreAny_AndAreCountedByReason()
    {
        using var data = new TemporaryDirectory();
        var server = await ModelServer.StartAsync("v1");
        await using var router = await RouterHost.StartAsync(data);
        await router.ConfigureAsync(new TrafficPolicy { MaxBodyBytes = 10 });
        var before = Enum.GetValues<OwnAnswer>().ToDictionary(reason => reason, OwnAnswers.Of);

        Assert.Equal(new Marks(null, null, null), await AskAsync("/nobody", HttpStatusCode.NotFound));
        Assert.Equal(new Marks("0", null, null), await AskAsync("/fraud/x", HttpStatusCode.ServiceUnavailable));
        await router.SwitchAsync(Guid.NewGuid(), 0, server);
        var live = router.Table.Current.Entries.Single().Live!.EnvironmentId.ToString();
        Assert.Equal(new Marks("1", live, "v1"), await AskAsync("/fraud/x", HttpStatusCode.RequestEntityTooLarge, new byte[100]));
        await server.DisposeAsync();
        Assert.Equal(new Marks("1", live, "v1"), await AskAsync("/fraud/x", HttpStatusCode.ServiceUnavailable));

        // Tests beside this one count, too.
        foreach (var reason in new[] { OwnAnswer.NoRoute, OwnAnswer.NothingLive, OwnAnswer.TooLarge, OwnAnswer.Unreachable })
            Assert.True(OwnAnswers.Of(reason) > before[reason], reason.ToString());

        async Task<Marks> AskAsync(string path, HttpStatusCode expected, byte[]? body = null)
        {
            using var answer = await router.Inference.PostAsync(path, new ByteArrayContent(body ?? []), Token);
            Assert.Equal(expected, answer.StatusCode);
            return Marks.Of(answer);
        }
    }
}
