namespace BlueGreen.Chaos.Scripts;

/// <summary>What an endpoint's policy asks of operators.</summary>
internal enum PolicyKind
{
    /// <summary>Nothing.</summary>
    Plain,

    /// <summary>Somebody approves every switch.</summary>
    Approved,

    /// <summary>A bake never has enough data for a verdict, and is held for a decision.</summary>
    Held,

    /// <summary>Nothing, and no stage fails for want of time or processor: for what is not about them.</summary>
    Patient,
}
