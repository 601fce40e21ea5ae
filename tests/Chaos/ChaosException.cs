namespace BlueGreen.Chaos;

/// <summary>The harness could not do what its script says; says nothing about the platform's invariants.</summary>
internal sealed class ChaosException(string message) : Exception(message);
