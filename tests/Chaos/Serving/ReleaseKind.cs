namespace BlueGreen.Chaos.Serving;

/// <summary>How a released model behaves; its artifact says it in its first line.</summary>
internal enum ReleaseKind
{
    Good,

    /// <summary>Good, and an alarm is raised once it is live.</summary>
    Alarmed,

    /// <summary>Takes seconds to load.</summary>
    Slow,

    /// <summary>Its process ends while it loads.</summary>
    Crashing,

    /// <summary>Answers every other request with an error: the gates refuse it.</summary>
    Failing,

    /// <summary>Good to the gates, failing to clients.</summary>
    FailingLive,
}
