namespace BlueGreen.Router.Proxy;

/// <summary>Every connection's exchange, for as long as the connection lives. Entered once per connection, not per request.</summary>
internal sealed class OpenExchanges
{
    private const int FirstSweep = 256;

    private readonly Lock _gate = new();
    private List<WeakReference<InferenceExchange>> _all = [];
    private int _sweepAt = FirstSweep;

    public InferenceExchange Open()
    {
        var exchange = new InferenceExchange();
        lock (_gate)
        {
            if (_all.Count >= _sweepAt) Sweep();
            _all.Add(new WeakReference<InferenceExchange>(exchange));
        }

        return exchange;
    }

    /// <summary>Cuts off what is still in flight at an environment.</summary>
    /// <returns>How many requests.</returns>
    public int CutOff(ServingEnvironment environment)
    {
        WeakReference<InferenceExchange>[] all;
        lock (_gate) all = [.. _all];
        return all.Count(reference => reference.TryGetTarget(out var exchange) && exchange.CutOff(environment));
    }

    private void Sweep()
    {
        _all = _all.FindAll(reference => reference.TryGetTarget(out _));
        _sweepAt = Math.Max(FirstSweep, _all.Count * 2);
    }
}
