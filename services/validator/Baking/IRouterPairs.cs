namespace BlueGreen.Validator.Baking;

/// <summary>What the routers saw both colours answer to the same live requests.</summary>
internal interface IRouterPairs
{
    /// <summary>
    /// The newest pairs of all routers, as many as they remember. A router that cannot be read is missing and named, never thrown.
    /// </summary>
    /// <param name="endpoint">Whose requests.</param>
    /// <param name="blue">Who got the copies.</param>
    /// <param name="since">Older ones do not count.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    Task<PairReading> ReadAsync(string endpoint, Guid blue, DateTimeOffset since, CancellationToken cancellationToken);
}

/// <summary>Both colours' answers to one live request.</summary>
/// <param name="At">When blue had answered.</param>
/// <param name="Green">The first score; null: there was none, or none that is finite.</param>
/// <param name="Blue">The same of the copy.</param>
/// <param name="BlueAnswered">False: blue gave no answer, which says nothing about green.</param>
internal readonly record struct LivePair(DateTimeOffset At, double? Green, double? Blue, bool BlueAnswered);

/// <summary>Pairs and how complete they are.</summary>
/// <param name="Pairs">Oldest first.</param>
/// <param name="Missing">Routers that could not be read, with the reason.</param>
internal sealed record PairReading(IReadOnlyList<LivePair> Pairs, IReadOnlyList<string> Missing)
{
    public static PairReading Empty { get; } = new([], []);
}
