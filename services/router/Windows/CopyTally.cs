namespace BlueGreen.Router.Windows;

/// <summary>
/// Copies of requests by what became of the request itself: whether two environments fail the very same requests tells a cause that both
/// have from one that is the live environment's own.
/// </summary>
internal sealed class CopyTally
{
    /// <summary>Number of counters.</summary>
    public const int Counters = 5;

    private readonly long[] _counts = new long[Counters];

    /// <summary>Copies that were answered, or failed.</summary>
    public long Requests => _counts[0];

    /// <summary>Those whose request failed.</summary>
    public long LiveErrors => _counts[1];

    /// <summary>Those that failed as their request did.</summary>
    public long BothErrors => _counts[2];

    /// <summary>Those whose request was refused (4xx).</summary>
    public long LiveClientErrors => _counts[3];

    /// <summary>Those that were refused as their request was.</summary>
    public long BothClientErrors => _counts[4];

    public static void Count(int[] counts, AnswerClass live, AnswerClass copy)
    {
        Interlocked.Increment(ref counts[0]);
        var isError = AnswerClassification.IsError(live);
        if (!isError && live != AnswerClass.ClientError) return;
        // Whoever reads them in the other order never sees more of both than of one.
        Interlocked.Increment(ref counts[isError ? 1 : 3]);
        if (isError ? AnswerClassification.IsError(copy) : copy == AnswerClass.ClientError) Interlocked.Increment(ref counts[isError ? 2 : 4]);
    }

    public void Add(int[] counts)
    {
        for (var i = Counters - 1; i >= 0; i--) _counts[i] += Volatile.Read(ref counts[i]);
    }
}
