using System.Text.Json;
using BlueGreen.Platform.Inference.Answers;
using BlueGreen.Platform.Inference.Json;

namespace BlueGreen.Platform.Inference.Chat;

/// <summary>Reads a chat completion that came in one piece.</summary>
internal static class ChatAnswer
{
    public const string Output = "completion-tokens";

    private static readonly string[] Contents = ["content", "tool_calls", "refusal", "reasoning_content"];

    /// <param name="body">The answer.</param>
    /// <param name="score">Where the score stands; null: the answer's length in tokens.</param>
    /// <returns>Null when the body is no chat completion.</returns>
    public static Predictions? Read(ReadOnlyMemory<byte> body, ScorePath? score)
    {
        using var document = LenientJson.Parse(body);
        if (document is null || document.RootElement.ValueKind != JsonValueKind.Object) return null;
        if (score is not null) return JsonPredictions.At(document.RootElement, [score]);
        if (!document.RootElement.TryGetProperty("choices", out var choices) || choices.ValueKind != JsonValueKind.Array) return null;
        double? tokens = SaysSomething(choices, "message") ? Tokens(document.RootElement) ?? 1 : null;
        return new([new(Output, [tokens], [])]);
    }

    /// <summary>The first choice has text or a tool call in it.</summary>
    public static bool SaysSomething(JsonElement choices, string member) =>
        choices.GetArrayLength() > 0 && choices[0].ValueKind == JsonValueKind.Object && choices[0].TryGetProperty(member, out var message)
        && message.ValueKind == JsonValueKind.Object
        && Contents.Any(name => message.TryGetProperty(name, out var content) && content.ValueKind switch
        {
            JsonValueKind.String => content.GetString()!.Length > 0,
            JsonValueKind.Array => content.GetArrayLength() > 0,
            _ => false,
        });

    /// <summary>As the server counts them; null when it does not say.</summary>
    public static int? Tokens(JsonElement answer) =>
        answer.TryGetProperty("usage", out var usage) && usage.ValueKind == JsonValueKind.Object
        && usage.TryGetProperty("completion_tokens", out var tokens) && tokens.ValueKind == JsonValueKind.Number
        && tokens.TryGetInt32(out var count)
            ? count
            : null;
}
