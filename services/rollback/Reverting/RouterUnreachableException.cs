namespace BlueGreen.Rollback.Reverting;

/// <summary>Not one router replica answered; the work is tried again.</summary>
internal sealed class RouterUnreachableException(string message) : Exception(message);
