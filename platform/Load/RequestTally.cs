using BlueGreen.Platform.Inference;

namespace BlueGreen.Platform.Load;

/// <summary>Counts replies for an error rate; thread-safe.</summary>
public sealed class RequestTally
{
    private readonly Lock _lock = new();
    private int _requests;
    private int _failed;
    private int _withNulls;
    private string? _example;

    /// <summary>A reply with a null prediction is an error too: the caller got nothing for that row.</summary>
    public void Add(InferenceReply reply)
    {
        lock (_lock)
        {
            _requests++;
            if (!reply.Succeeded)
            {
                _failed++;
                _example ??= reply.Error;
            }
            else if (reply.NullPredictions is > 0 and var nulls)
            {
                _withNulls++;
                _example ??= $"{nulls} of {reply.Scores.Count + reply.Labels.Count} predictions null";
            }
        }
    }

    /// <summary>What was counted so far, and the first error.</summary>
    public (int Requests, int Failed, int WithNulls, string? Example) Read()
    {
        lock (_lock) return (_requests, _failed, _withNulls, _example);
    }
}
