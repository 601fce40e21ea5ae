namespace BlueGreen.Orchestrator.Policies;

/// <summary>Both ends inclusive; written <c>50..500</c>.</summary>
internal readonly record struct CountRange(int Min, int Max);
