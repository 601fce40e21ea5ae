using BlueGreen.Contracts;
using BlueGreen.Platform.Inference;

namespace BlueGreen.Prewarmer.Warming;

/// <summary>
/// Follows one replica through all kinds of requests, one kind after the other. A replica that restarts on the way is cold again: it
/// begins from the first kind, with nothing of what was measured before. Thread-safe.
/// </summary>
internal sealed class WarmthMeter
{
    private readonly Lock _lock = new();
    private readonly IReadOnlyList<WarmupCell> _cells;
    private readonly WarmupPolicy _policy;
    private readonly PrewarmerOptions _options;
    private List<CellMeter> _meters = [];
    private bool _hasAnswered;
    private int _requests;
    private int _restarts;
    private int _life;

    public WarmthMeter(IReadOnlyList<WarmupCell> cells, WarmupPolicy policy, PrewarmerOptions options)
    {
        (_cells, _policy, _options) = (cells, policy, options);
        Begin();
    }

    /// <summary>Null while more requests are wanted.</summary>
    public Warmth? Result { get; private set; }

    /// <summary>What to send next; null when it is over.</summary>
    public WarmupTicket? Next()
    {
        lock (_lock)
        {
            if (Result is not null) return null;
            var cell = _meters[^1].Cell;
            return new(_life, _meters.Count, cell.Payloads[_requests++ % cell.Payloads.Count]);
        }
    }

    /// <summary>Takes note of a reply. One to a request of an earlier kind, or of the replica's earlier life, says nothing any more.</summary>
    public void Observe(WarmupTicket ticket, InferenceReply reply)
    {
        lock (_lock)
        {
            if (Result is not null || ticket.Life != _life) return;
            if (reply.ConnectionLost && _hasAnswered)
            {
                Restart($"lost the connection ({reply.Error})");
                return;
            }

            _hasAnswered |= reply.Succeeded;
            if (ticket.Cell == _meters.Count) Advance(_meters[^1], reply);
        }
    }

    /// <summary>The replica is another process than the one that was warmed.</summary>
    public void Restart(string how)
    {
        lock (_lock)
        {
            _restarts++;
            if (_restarts > _options.ToleratedRestarts) Result = new(false, $"restarted {_restarts} times; the last time it {how}");
            else Begin();
        }
    }

    /// <summary>What is reported to the saga.</summary>
    /// <param name="index">The replica's.</param>
    /// <param name="concurrency">Requests that were in flight at a time.</param>
    public ReplicaWarmth Report(int index, int concurrency)
    {
        lock (_lock)
        {
            var shapes = _meters.Select(meter => meter.Report()).ToArray();
            return new()
            {
                Index = index,
                ColdP99Milliseconds = shapes[0].ColdP99Milliseconds,
                WarmP99Milliseconds = shapes[0].WarmP99Milliseconds,
                Requests = _requests,
                Concurrency = concurrency,
                Restarts = _restarts,
                StopReason = Result?.Reason ?? "interrupted",
                Shapes = shapes,
            };
        }
    }

    private void Begin()
    {
        _life++;
        _hasAnswered = false;
        Result = null;
        _meters = [new CellMeter(_cells[0], _policy, _options, _policy.MinRequests)];
    }

    private void Advance(CellMeter meter, InferenceReply reply)
    {
        meter.Observe(reply);
        if (meter.Result is not { } result) return;
        if (!result.IsWarm) Result = result with { Reason = _cells.Count > 1 ? $"{meter.Cell.Name}: {result.Reason}" : result.Reason };
        else if (_meters.Count < _cells.Count) _meters.Add(new CellMeter(_cells[_meters.Count], _policy, _options, minRequests: 0));
        else Result = new(true, FlatReason());
    }

    private string FlatReason()
    {
        var again = _restarts == 0 ? "" : $" ({_restarts} restarts)";
        return _meters.Count == 1
            ? $"flat after {_requests} requests{again}: {_meters[0].Result!.Reason}"
            : $"flat after {_requests} requests{again}; "
                + string.Join("; ", _meters.Select(meter => $"{meter.Cell.Name}: {meter.Result!.Reason}"));
    }
}

/// <summary>One request that is wanted.</summary>
/// <param name="Life">Counts the replica's restarts.</param>
/// <param name="Cell">Counts the kinds of requests that it has been through.</param>
/// <param name="Payload">What to send.</param>
internal sealed record WarmupTicket(int Life, int Cell, InferencePayload Payload);
