namespace BlueGreen.Chaos.Scripts;

/// <summary>What an operator does about a deployment that waits for one.</summary>
internal enum OperatorDecision
{
    /// <summary>Approves the switch or the held bake; of a faulted deployment, replays its stage.</summary>
    GoOn,

    /// <summary>Rejects the switch, rolls the held bake back, cancels the faulted deployment.</summary>
    GiveUp,
}
