using System.Text;
using BlueGreen.Contracts;
using BlueGreen.Platform.Inference.Answers;
using BlueGreen.Platform.Inference.Chat;
using BlueGreen.Platform.Inference.Json;
using BlueGreen.Platform.Inference.OpenInference;

namespace BlueGreen.Platform.Inference;

/// <summary>
/// Looks at answers that pass by, with the same eyes as the clients that judge a model: what is a null prediction to a gate is one here.
/// </summary>
public sealed class PredictionInspector
{
    private readonly Func<ReadOnlyMemory<byte>, string?, Predictions?> _read;
    private readonly Func<ReadOnlyMemory<byte>, bool>? _isClean;
    private readonly string[] _parts;

    private PredictionInspector(Func<ReadOnlyMemory<byte>, string?, Predictions?> read, string path, Func<ReadOnlyMemory<byte>, bool>? isClean = null)
    {
        (_read, _isClean) = (read, isClean);
        _parts = $"/{path.TrimStart('/')}".Split("{model}");
    }

    /// <returns>Null when answers of the protocol cannot be read in passing (gRPC).</returns>
    public static PredictionInspector? For(string protocol, InferenceSettings? settings)
    {
        var given = settings ?? new InferenceSettings();
        if (protocol == ProtocolNames.OpenInferenceV2) return new((body, _) => OpenInferenceAnswer.Read(body), "v2/models/{model}/infer", body => OpenInferenceGlance.IsClean(body.Span));
        if (protocol == ProtocolNames.OpenAiChat)
        {
            var score = given.Score is { } text ? ScorePath.Parse(text) : null;
            return new((body, type) => ReadChat(body, type, score), given.Path ?? "v1/chat/completions");
        }

        return JsonDialects.Find(protocol, given) is { } dialect
            ? new((body, type) => AnswerReader.Read(dialect, body, type), dialect.Path)
            : null;
    }

    /// <summary>True when a request to this path (below whatever prefix, of whatever version) asks for predictions.</summary>
    public bool Predicts(string method, string path) =>
        method == "POST" && path.EndsWith(_parts[^1], StringComparison.Ordinal)
        && (_parts.Length == 1 || path.Contains(_parts[0], StringComparison.Ordinal));

    /// <summary>Media types whose bodies can be read.</summary>
    public static bool CanRead(string mediaType) =>
        mediaType.EndsWith("json", StringComparison.OrdinalIgnoreCase) || mediaType is "text/csv" or "text/event-stream";

    /// <summary>
    /// True when the answer owes a prediction: one of them is no finite number (nor a label), or there is none at all. Null when the body
    /// cannot be read: then nothing is known of its predictions, and what is wrong with it is for other checks to say.
    /// </summary>
    /// <param name="body">The whole body of an answer with a success status.</param>
    /// <param name="mediaType">Its media type.</param>
    public bool? OwesPrediction(ReadOnlyMemory<byte> body, string? mediaType) =>
        _isClean?.Invoke(body) == true ? false : _read(body, mediaType)?.AnyNull;

    /// <summary>The first scores of the output that is judged; empty: there are none, or the body cannot be read.</summary>
    /// <param name="body">The whole body of an answer with a success status.</param>
    /// <param name="mediaType">Its media type.</param>
    /// <param name="most">How many are wanted.</param>
    public IReadOnlyList<double?> Scores(ReadOnlyMemory<byte> body, string? mediaType, int most) =>
        _read(body, mediaType)?.Owed(0) is [var judged, ..] ? [.. judged.Scores.Take(most)] : [];

    private static Predictions? ReadChat(ReadOnlyMemory<byte> body, string? mediaType, ScorePath? score)
    {
        if (mediaType != "text/event-stream") return ChatAnswer.Read(body, score);
        var stream = new ChatStream(0, TimeProvider.System);
        foreach (var line in Encoding.UTF8.GetString(body.Span).Split('\n')) stream.Take(line.TrimEnd('\r'));
        var reply = stream.ToReply(200);
        return reply.Succeeded ? new Predictions(reply.Outputs) : null;
    }
}
