namespace BlueGreen.Rollback.Reverting;

/// <summary>What the routers made of a revert.</summary>
internal abstract record RevertAnswer
{
    private RevertAnswer()
    {
    }

    /// <param name="Already">True when it had been reverted before.</param>
    /// <param name="LiveEnvironmentId">What is live now; null on an endpoint without a route.</param>
    /// <param name="Routers">Replicas that confirmed.</param>
    /// <param name="Asked">Replicas that were asked; the others learn of it from the database.</param>
    public sealed record Reverted(bool Already, Guid? LiveEnvironmentId, int Routers, int Asked) : RevertAnswer;

    /// <summary>For good: asking again gets the same answer.</summary>
    public sealed record Refused(string Reason) : RevertAnswer;

    /// <summary>Worth another try: a replica was away, or answered that it cannot revert for the moment (503).</summary>
    public sealed record Unreachable(string Reason) : RevertAnswer;
}
