using BlueGreen.ModelServer.Models;

namespace BlueGreen.ModelServer.Protocol;

/// <summary>An inference request that fits its model. <paramref name="Outputs"/> null means all of them.</summary>
internal sealed record InferRequest(string? Id, RowBatch Rows, IReadOnlyList<string>? Outputs);
