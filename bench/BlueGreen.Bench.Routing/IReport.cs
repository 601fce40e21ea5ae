namespace BlueGreen.Bench.Routing;

/// <summary>What a benchmark prints as its last line.</summary>
internal interface IReport
{
    /// <summary>Bounds that were not kept, in words: what must never happen and did, and figures beyond what must hold. None: the run is good.</summary>
    IReadOnlyList<string> Missed { get; }

    /// <summary>What is aimed at beyond that, and was not reached: said, and no more.</summary>
    IReadOnlyList<string> GoalsMissed => [];
}
