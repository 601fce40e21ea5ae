namespace BlueGreen.Contracts;

/// <summary>What is to be served: one file (or archive) and the digest that it must have.</summary>
public sealed record ArtifactReference
{
    /// <summary>Where it is: <c>file</c>, <c>http</c>, <c>https</c> and whatever else env-manager has a source for.</summary>
    public required Uri Uri { get; init; }

    /// <summary>SHA-256 of the bytes, 64 lower-case hexadecimal digits.</summary>
    public required string Sha256 { get; init; }
}

/// <summary>A file of the policy (golden data, warm-up payloads), kept by content and fetched by whoever needs it.</summary>
public sealed record BlobReference
{
    /// <summary>SHA-256 of the bytes, 64 lower-case hexadecimal digits.</summary>
    public required string Sha256 { get; init; }

    /// <summary>The name the policy's author gave it, e.g. <c>golden.jsonl</c>.</summary>
    public required string Name { get; init; }
}

/// <summary>One serving process or pod of an environment.</summary>
public sealed record Replica
{
    /// <summary>0-based, stable for the life of the environment.</summary>
    public required int Index { get; init; }

    /// <summary>Base address, e.g. <c>http://127.0.0.1:40123/</c>; always ends with a slash.</summary>
    public required Uri Address { get; init; }
}

/// <summary>A serving environment as other services address it.</summary>
public sealed record Fleet
{
    public required Guid EnvironmentId { get; init; }

    /// <summary>Registered model name, e.g. <c>fraud</c>: also the model name in inference URLs.</summary>
    public required string Model { get; init; }

    /// <summary>Model version as the registry names it, e.g. <c>7</c> or <c>v2</c>.</summary>
    public required string Version { get; init; }

    /// <summary>Inference protocol spoken, e.g. <c>open-inference-v2</c>.</summary>
    public required string Protocol { get; init; }

    public required IReadOnlyList<Replica> Replicas { get; init; }
}
