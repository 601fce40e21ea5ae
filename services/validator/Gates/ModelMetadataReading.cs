namespace BlueGreen.Validator.Gates;

/// <summary>What a replica says of what its model takes and gives.</summary>
/// <param name="Metadata">Null: nothing.</param>
/// <param name="Why">Why nothing.</param>
/// <param name="IsOffered">False: the protocol has no way to say it.</param>
internal sealed record ModelMetadataReading(ModelMetadata? Metadata, string? Why, bool IsOffered)
{
    public static async Task<ModelMetadataReading> OfAsync(Side side, CancellationToken cancellationToken)
    {
        if (side.Targets.Count == 0) return new(null, "there are no replicas", IsOffered: true);
        var declared = await side.Protocol.DescribeAsync(side.Targets[0], cancellationToken);
        if (declared.Metadata is not { } body) return new(null, declared.Why, declared.IsOffered);
        return ModelMetadata.Read(body) is { } metadata ? new(metadata, null, true) : new(null, "its metadata name no inputs or no outputs", true);
    }
}
