using BlueGreen.Router.Tests.Support;
using CsCheck;

namespace BlueGreen.Router.Tests.Strict;

public sealed class StaleAnswersTests
{
    [Fact]
    public void Find_AnHistoryInWhichEachAnswerSawTheRegister_HasNoStaleAnswer() => Histories.Sample(history => Assert.Null(StaleAnswers.Find(history)));

    [Fact]
    public void Find_OnePlantedStaleAnswer_IsFound() => Gen.Select(Histories, Gen.Int[0, 1_000_000]).Sample((history, seed) =>
    {
        // Sent after everything, answered by the epoch before the last.
        var last = history.Max(answer => answer.Received);
        var newest = history.Max(answer => answer.Epoch);
        if (newest == 0) return;
        var planted = new TimedAnswer(last + 1, last + 2 + (seed % 10), newest - 1);

        var found = StaleAnswers.Find(history.Append(planted).OrderBy(answer => answer.Epoch));

        Assert.Same(planted, found!.Value.Stale);
    });

    /// <summary>A register that moves on at given times; each request reads it at some time between sending and receiving.</summary>
    private static Gen<TimedAnswer[]> Histories { get; } = Gen.Select(
        Gen.Int[0, 1000].Array[0, 5], Gen.Select(Gen.Int[0, 1000], Gen.Int[0, 50], Gen.Int[0, 50]).Array[1, 40])
        .Select((moves, requests) => requests
            .Select(request => new TimedAnswer(
                request.Item1, request.Item1 + request.Item2 + request.Item3, moves.Count(move => move <= request.Item1 + request.Item2)))
            .ToArray());
}
