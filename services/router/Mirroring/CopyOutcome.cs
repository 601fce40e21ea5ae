namespace BlueGreen.Router.Mirroring;

/// <summary>What came of requests that were to be copied. The order is the order of the counters.</summary>
internal enum CopyOutcome
{
    /// <summary>Copied, whatever the answer was.</summary>
    Sent,

    /// <summary>Of those: no answer, or a 5xx.</summary>
    Failed,

    /// <summary>Not copied: there was no room.</summary>
    Dropped,
}
