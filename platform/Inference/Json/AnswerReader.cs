using System.Text.Json;
using BlueGreen.Platform.Inference.Answers;

namespace BlueGreen.Platform.Inference.Json;

/// <summary>Reads an answer of a dialect, whatever media type it came with.</summary>
internal static class AnswerReader
{
    /// <returns>Null when the body is no answer of the dialect.</returns>
    public static Predictions? Read(JsonDialect dialect, ReadOnlyMemory<byte> body, string? mediaType)
    {
        if (!dialect.AnswersObject && mediaType == "text/csv") return CsvPredictions.Read(body.Span);
        using var document = LenientJson.Parse(body);
        if (document is null || (dialect.AnswersObject && document.RootElement.ValueKind != JsonValueKind.Object)) return null;
        return JsonPredictions.At(document.RootElement, dialect.Scores);
    }
}
