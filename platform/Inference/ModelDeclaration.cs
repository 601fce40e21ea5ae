namespace BlueGreen.Platform.Inference;

/// <summary>What a replica declares of its model's inputs and outputs.</summary>
/// <param name="Metadata">
/// As the Open Inference Protocol v2 writes model metadata (<c>inputs</c> and <c>outputs</c>, each a name, a datatype such as <c>FP32</c> and a
/// shape), whatever the protocol's own form is; null: there is none.
/// </param>
/// <param name="Why">Why there is none.</param>
/// <param name="IsOffered">False: the protocol knows no declarations, whatever the server.</param>
public sealed record ModelDeclaration(ReadOnlyMemory<byte>? Metadata, string? Why, bool IsOffered = true);
