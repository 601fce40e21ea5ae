namespace BlueGreen.Platform.Faults;

/// <summary>Something that the work needs is away, and the remedy is to wait: no try is used up.</summary>
public abstract class OutageException(string message) : Exception(message);
