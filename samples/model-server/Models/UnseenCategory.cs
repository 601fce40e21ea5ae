namespace BlueGreen.ModelServer.Models;

/// <summary>
/// How a row whose category the model has never seen is scored: with a fixed replacement (<see cref="Replacement"/>), or by
/// multiple imputation from the artifact's reference table (<see cref="Neighbours"/>). Exactly one of them is set.
/// </summary>
internal sealed record UnseenCategory(string? Replacement = null, NeighbourImputation? Neighbours = null)
{
    public string? FindFault() =>
        (Replacement is null) == (Neighbours is null)
            ? "unseenCategory needs either a replacement or neighbours"
            : Neighbours is { Draws: < 1 } or { Neighbours: < 1 } ? "draws and neighbours must be positive" : null;
}
