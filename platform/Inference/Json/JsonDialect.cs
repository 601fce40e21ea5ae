using System.Text.Json;
using BlueGreen.Platform.Inference.Answers;

namespace BlueGreen.Platform.Inference.Json;

/// <summary>A protocol of JSON over HTTP: where to ask, how requests are written and where predictions stand in an answer.</summary>
internal sealed record JsonDialect
{
    public required string Name { get; init; }

    /// <summary>Path of a prediction request; <c>{model}</c> stands for the model's name.</summary>
    public required string Path { get; init; }

    /// <summary>Asked in this order before a replica counts as ready.</summary>
    public required IReadOnlyList<ReadyCheck> Ready { get; init; }

    public required IRequestForm Requests { get; init; }

    /// <summary>Where the predictions stand; the first place that exists counts.</summary>
    public required IReadOnlyList<ScorePath> Scores { get; init; }

    /// <summary>True when an answer that is no JSON object is none of this protocol.</summary>
    public bool AnswersObject { get; init; } = true;

    /// <summary>Path of metadata from which a request can be made; null: there are none.</summary>
    public string? MetadataPath { get; init; }

    /// <summary>Makes a request of one row from metadata.</summary>
    public Func<JsonElement, string?>? Synthesize { get; init; }

    /// <summary>Makes metadata of the Open Inference Protocol v2 from its own; null when it declares no inputs or outputs.</summary>
    public Func<JsonElement, byte[]?>? Declare { get; init; }
}

/// <summary>One question before a replica counts as ready.</summary>
/// <param name="Path">Asked with GET; 2xx is a yes.</param>
/// <param name="Meaning">What a no means, in words.</param>
/// <param name="Agrees">What the body must say as well; null: whatever it says. Gets null for a body that is no JSON.</param>
internal sealed record ReadyCheck(string Path, string Meaning, Func<JsonElement?, bool>? Agrees = null);
