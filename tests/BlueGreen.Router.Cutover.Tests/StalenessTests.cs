using BlueGreen.Bench.Routing.Traffic;

namespace BlueGreen.Router.Cutover.Tests;

/// <summary>The checker that the tests and the benchmark of the switch rest on.</summary>
public sealed class StalenessTests
{
    private const int Requests = 400;

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Find_AHistoryInWhichEveryRequestReadTheEpochWhileItWasUnderWay_FindsNothing(int seed) => Assert.Empty(Staleness.Find(History(seed)));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Find_AStaleAnswerPlantedAnywhere_IsFound_AndNothingElse(int seed)
    {
        var history = History(seed);
        var random = new Random(seed);
        // Sent after an answer of the last epoch but one had been received, or later, and answered by the epoch before that.
        var known = history.Where(answer => answer.Epoch > 0).OrderBy(answer => answer.Received).ElementAt(random.Next(Requests / 2));
        var stale = new ClientAnswer(known.Received + 1, known.Received + 1 + random.Next(50), 200, "v", known.Epoch - 1);

        var found = Staleness.Find(history.Append(stale).OrderBy(_ => random.Next()));

        var (planted, newer) = Assert.Single(found);
        Assert.Equal(stale, planted);
        Assert.True(newer >= known.Epoch);
        Assert.Equal(1, Staleness.Count(history.Append(stale)));
    }

    [Fact]
    public void Find_AnAnswerOfTheOldEpochToARequestSentBeforeTheNewOneWasReceived_IsNotStale() => Assert.Empty(Staleness.Find(
        [new ClientAnswer(10, 20, 200, "v", 2), new ClientAnswer(20, 30, 200, "v", 1), new ClientAnswer(19, 90, 200, "v", 1)]));

    [Fact]
    public void Find_RefusalsAndAnswersWithoutAnEpoch_DoNotCount() => Assert.Empty(Staleness.Find(
        [new ClientAnswer(10, 20, 200, "v", 2), new ClientAnswer(30, 40, 503, null, 1), new ClientAnswer(30, 40, 0, null, -1), new ClientAnswer(30, 40, 200, "v", -1)]));

    public static TheoryData<int> Seeds() => new(Enumerable.Range(1, 20));

    /// <summary>A register that moves on every 100 ticks; each request reads it at some time between sending and receiving.</summary>
    private static ClientAnswer[] History(int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, Requests).Select(_ =>
        {
            var (sent, before, after) = (random.Next(1000), random.Next(60), random.Next(60));
            return new ClientAnswer(sent, sent + before + after, 200, "v", (sent + before) / 100);
        })];
    }
}
