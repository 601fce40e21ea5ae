namespace BlueGreen.Contracts;

/// <summary>What is to be served: one file (or archive) and the digest that it must have.</summary>
public sealed record ArtifactReference
{
    /// <summary>Where it is: <c>file</c>, <c>https</c>, <c>s3</c>, <c>models</c> (in a registry) and whatever else env-manager has a source for.</summary>
    public required Uri Uri { get; init; }

    /// <summary>
    /// SHA-256 of the bytes, 64 lower-case hexadecimal digits. Empty where the registry does not know it: then the bytes that are fetched
    /// first are the ones that were promoted, and the environment is pinned to their digest.
    /// </summary>
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

    /// <summary>What the protocol leaves open; null: its defaults.</summary>
    public InferenceSettings? Inference { get; init; }

    public required IReadOnlyList<Replica> Replicas { get; init; }
}

/// <summary>What an inference protocol leaves open: the policy's <c>environment.inference</c> section. A null member is the protocol's default.</summary>
public sealed record InferenceSettings
{
    /// <summary>Path of a prediction request, e.g. <c>/score</c>; <c>{model}</c> is filled in.</summary>
    public string? Path { get; init; }

    /// <summary>Path that answers 200 when the server is ready, e.g. <c>/healthz</c>.</summary>
    public string? ReadyPath { get; init; }

    /// <summary>Where the scores stand in an answer: a JSON Pointer (RFC 6901) in which <c>*</c> stands for every element of an array.</summary>
    public string? Score { get; init; }

    /// <summary>Where the array of rows stands in a request: a JSON Pointer; null: the request is one row.</summary>
    public string? Rows { get; init; }

    /// <summary>Whether answers are asked for as a stream of tokens.</summary>
    public bool? Stream { get; init; }
}
