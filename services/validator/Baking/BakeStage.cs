namespace BlueGreen.Validator.Baking;

/// <summary>How far a bake has come.</summary>
internal enum BakeStage
{
    /// <summary>It may fail and cannot pass yet.</summary>
    Watching,

    /// <summary>The duration is over: it passes as soon as every metric does.</summary>
    Extended,

    /// <summary>The longest duration is over: this look decides.</summary>
    Last,
}
