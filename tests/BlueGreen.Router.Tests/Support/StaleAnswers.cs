using System.Globalization;

namespace BlueGreen.Router.Tests.Support;

/// <summary>An answer as its client saw it.</summary>
/// <param name="Sent">Timestamp of before the request.</param>
/// <param name="Received">Timestamp of after the answer.</param>
/// <param name="Epoch">The epoch that it was answered under.</param>
internal sealed record TimedAnswer(long Sent, long Received, long Epoch)
{
    public static TimedAnswer Of(HttpResponseMessage answer, long sent, long received) => new(
        sent, received, long.Parse(answer.Headers.GetValues("X-BlueGreen-Epoch").Single(), CultureInfo.InvariantCulture));
}

/// <summary>
/// Judges linearizability of the epoch, a register that only grows: no request that was sent after an answer of a newer epoch had been
/// received is answered under an older one (M. Herlihy, J. Wing, "Linearizability", 1990).
/// </summary>
internal static class StaleAnswers
{
    /// <returns>Null, or a stale answer and the newer one that came before it was asked for.</returns>
    public static (TimedAnswer Stale, TimedAnswer Newer)? Find(IEnumerable<TimedAnswer> answers)
    {
        var all = answers.ToArray();
        var bySent = all.OrderBy(answer => answer.Sent).ToArray();
        var byReceived = all.OrderBy(answer => answer.Received).ToArray();
        TimedAnswer? newest = null;
        var received = 0;
        foreach (var answer in bySent)
        {
            for (; received < byReceived.Length && byReceived[received].Received < answer.Sent; received++)
            {
                if (newest is null || byReceived[received].Epoch > newest.Epoch) newest = byReceived[received];
            }

            if (newest is not null && answer.Epoch < newest.Epoch) return (answer, newest);
        }

        return null;
    }
}
