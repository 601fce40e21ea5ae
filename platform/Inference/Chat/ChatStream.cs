using System.Text;
using System.Text.Json;
using BlueGreen.Platform.Inference.Json;

namespace BlueGreen.Platform.Inference.Chat;

/// <summary>
/// Follows a streamed chat completion: server-sent events whose data are chunks (<c>choices[0].delta</c>) until <c>[DONE]</c>. The first
/// chunk with content is the first token; the time between the first and the last, over all but the first, is the time per token.
/// </summary>
/// <param name="start">Timestamp at which the request was sent.</param>
/// <param name="time">The clock the timestamp is of.</param>
internal sealed class ChatStream(long start, TimeProvider time)
{
    private const string Data = "data:";

    private TimeSpan? _first;
    private TimeSpan _last;
    private int _pieces;
    private int? _tokens;
    private string? _error;
    private bool _isComplete;

    /// <summary>True when nothing that matters can follow.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Takes one line of the stream.</summary>
    public void Take(string line)
    {
        if (!line.StartsWith(Data, StringComparison.Ordinal)) return;
        var data = line[Data.Length..].Trim();
        if (data == "[DONE]") (IsOver, _isComplete) = (true, true);
        else if (data.Length > 0) TakeChunk(data);
    }

    /// <summary>What the stream came to.</summary>
    public InferenceReply ToReply(int status)
    {
        var error = _error ?? (_isComplete ? null : "the stream ended before the answer was complete");
        double? tokens = _first is null ? null : _tokens ?? _pieces;
        return new()
        {
            Status = status,
            Latency = time.GetElapsedTime(start),
            Error = error,
            Scores = error is null ? [tokens] : [],
            Outputs = error is null ? [new(ChatAnswer.Output, [tokens], [])] : [],
            Tokens = _first is { } first ? new(first, PerToken(first), _tokens ?? _pieces) : null,
        };
    }

    private TimeSpan PerToken(TimeSpan first)
    {
        var count = _tokens ?? _pieces;
        return count > 1 ? (_last - first) / (count - 1) : TimeSpan.Zero;
    }

    private void TakeChunk(string data)
    {
        using var document = LenientJson.Parse(Encoding.UTF8.GetBytes(data));
        if (document is null || document.RootElement.ValueKind != JsonValueKind.Object || document.RootElement.TryGetProperty("error", out _))
        {
            IsOver = true;
            _error = document is null ? "a chunk is not JSON" : "the server reports an error within the stream";
            return;
        }

        _tokens = ChatAnswer.Tokens(document.RootElement) ?? _tokens;
        if (!document.RootElement.TryGetProperty("choices", out var choices) || choices.ValueKind != JsonValueKind.Array) return;
        if (choices.GetArrayLength() > 0 && choices[0].ValueKind == JsonValueKind.Object
            && choices[0].TryGetProperty("finish_reason", out var reason) && reason.ValueKind == JsonValueKind.String)
            _isComplete = true;
        if (!ChatAnswer.SaysSomething(choices, "delta")) return;
        _last = time.GetElapsedTime(start);
        _first ??= _last;
        _pieces++;
    }
}
