using BlueGreen.Platform.Inference;

namespace BlueGreen.Validator.Gates;

/// <summary>Counts green's replies for the error rate; thread-safe.</summary>
internal sealed class RequestTally
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
            else if (reply.NullPredictions > 0)
            {
                _withNulls++;
                _example ??= $"{reply.NullPredictions} of {reply.Scores.Count} predictions null";
            }
        }
    }

    public (int Requests, int Failed, int WithNulls, string? Example) Read()
    {
        lock (_lock) return (_requests, _failed, _withNulls, _example);
    }
}
