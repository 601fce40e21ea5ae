namespace BlueGreen.Router.Proxy;

/// <summary>Why the router answered itself.</summary>
internal enum OwnAnswer
{
    /// <summary>No endpoint has the path: 404.</summary>
    NoRoute,

    /// <summary>The endpoint was never switched: 503.</summary>
    NothingLive,

    /// <summary>Cut off from the database, where the policy says to stop then: 503.</summary>
    Fenced,

    /// <summary>The end of a strict cutover's hold was not heard of in time: 503.</summary>
    HeldTooLong,

    /// <summary>Green was asked for and there is none, or it is not ready: 503.</summary>
    NoPreview,

    /// <summary>The preview token is wrong: 403.</summary>
    PreviewRefused,

    /// <summary>The body is too large: 413.</summary>
    TooLarge,

    /// <summary>No replica could be connected to, or all refused: 503.</summary>
    Unreachable,

    /// <summary>The model server was silent for too long: 504.</summary>
    TimedOut,
}

/// <summary>Counts the router's own answers since its start. Of the process, as its metrics are: there is one data plane in it.</summary>
internal static class OwnAnswers
{
    private static readonly long[] Counts = new long[(int)OwnAnswer.TimedOut + 1];

    public static void Count(OwnAnswer reason) => Interlocked.Increment(ref Counts[(int)reason]);

    public static long Of(OwnAnswer reason) => Interlocked.Read(ref Counts[(int)reason]);
}
