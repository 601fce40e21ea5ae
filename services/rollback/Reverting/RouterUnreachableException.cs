using BlueGreen.Platform.Faults;

namespace BlueGreen.Rollback.Reverting;

/// <summary>No router replica could revert now; the work is tried again for as long as it takes (I4).</summary>
internal sealed class RouterUnreachableException(string message) : OutageException(message);
