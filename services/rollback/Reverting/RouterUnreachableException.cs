namespace BlueGreen.Rollback.Reverting;

/// <summary>No router replica could revert now; the work is tried again.</summary>
internal sealed class RouterUnreachableException(string message) : Exception(message);
