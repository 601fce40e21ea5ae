using BlueGreen.Chaos.Scripts;

namespace BlueGreen.Chaos.Reporting;

/// <summary>Which fault took effect while a deployment was in which state, and how often.</summary>
internal sealed class HitsTable
{
    private readonly SortedDictionary<string, SortedDictionary<string, int>> _hits = new(StringComparer.Ordinal);

    /// <param name="fault">The fault's label.</param>
    /// <param name="states">The state of every deployment under way.</param>
    public void Add(string fault, IEnumerable<string> states)
    {
        lock (_hits)
        {
            foreach (var state in states) Row(fault)[state] = Row(fault).GetValueOrDefault(state) + 1;
        }
    }

    /// <summary>Adds what another table has.</summary>
    public void Add(IReadOnlyDictionary<string, SortedDictionary<string, int>> rows)
    {
        lock (_hits)
        {
            foreach (var (fault, states) in rows)
            {
                foreach (var (state, count) in states) Row(fault)[state] = Row(fault).GetValueOrDefault(state) + count;
            }
        }
    }

    /// <summary>Fault → state → count.</summary>
    public IReadOnlyDictionary<string, SortedDictionary<string, int>> Rows
    {
        get
        {
            lock (_hits) return _hits.ToDictionary(row => row.Key, row => new SortedDictionary<string, int>(row.Value, StringComparer.Ordinal));
        }
    }

    /// <summary>Meetings of the catalogue that have not happened.</summary>
    public IEnumerable<string> Unmet() =>
        from label in FaultCatalogue.Labels
        from state in FaultCatalogue.States
        where !(Rows.TryGetValue(label, out var row) && row.ContainsKey(state))
        select $"{label} × {state}";

    private SortedDictionary<string, int> Row(string fault)
    {
        if (!_hits.TryGetValue(fault, out var row)) _hits[fault] = row = new(StringComparer.Ordinal);
        return row;
    }
}
