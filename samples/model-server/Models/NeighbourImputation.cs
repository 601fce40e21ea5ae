namespace BlueGreen.ModelServer.Models;

/// <summary>
/// Multiple imputation: each draw jitters the row, finds its nearest reference rows and lets them vote for a category. Rows
/// that lie outside the reference table's support have no defensible category, and get no score.
/// </summary>
/// <param name="Draws">Jittered copies per row; the cost of a row is proportional to it.</param>
/// <param name="Neighbours">Reference rows that vote in each draw.</param>
/// <param name="Jitter">Standard deviation of the jitter, in standard deviations of the feature.</param>
/// <param name="Radius">Largest mean distance to the neighbours, in standard deviations, that still counts as support.</param>
internal sealed record NeighbourImputation(int Draws, int Neighbours, float Jitter, float Radius);
